using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// A server whose exports lie on its one disk, as before there were file systems of their own, and the log of what its disk was
/// written while they were moved; made once for all tests that take its power away in there. Brought along are .NET's runtime and
/// the compiled pipeline; the site asks for small file systems.
/// </summary>
/// <param name="Image">What the server was.</param>
/// <param name="Luggage">What it was brought.</param>
/// <param name="Before">Its disk before the move, raw and with holes; not to be written to.</param>
/// <param name="Log">What was written to it from then on.</param>
/// <param name="Start">How many entries of the log came before the move.</param>
/// <param name="End">How many were there when it was over.</param>
/// <param name="Inventory">What the exports held; see <see cref="InventoryScript"/>.</param>
internal sealed record LoggedMove(GuestImage Image, GuestDisk Luggage, string Before, string Log, int Start, int End, string Inventory)
{
    /// <summary>Prints names, types, modes, owners, links and contents, without what a directory's file system says of it.</summary>
    public const string InventoryScript = """
        cd /opt/ondemand
        find generations imgs -mindepth 1 -printf '%P|%y|%m|%U:%G|%n|%l\n' | sed '/|d|/s/|[0-9]*|$/||/' | LC_ALL=C sort
        find generations imgs -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        """;

    // Something of each kind that a root holds, and an image with holes.
    private const string Installation = """
        mkdir -p /opt/ondemand/generations/old-0123456789ab/root/dev /opt/ondemand/imgs/mine
        cd /opt/ondemand/generations/old-0123456789ab/root
        cp -a /etc /usr/sbin .
        ln sbin/sshd sbin/sshd.linked
        mknod -m 666 dev/null c 1 3
        mkfifo -m 600 dev/initctl
        setfattr -n trusted.mark -v kept sbin/sshd 2>/dev/null || true
        printf 'odd\001name' >"$(printf 'odd\001name')"
        ln -s generations/old-0123456789ab/root /opt/ondemand/root
        cd /opt/ondemand/imgs/mine
        dd if=/dev/urandom of=disk.img bs=1M count=20 2>/dev/null
        truncate -s 200M disk.img
        sync
        """;

    private const string Site = $$"""
        cd {{GuestLuggage.Checkout}}/recipes/sites
        cp example.yaml small.yaml
        printf 'storage:\n  generations: { size: 512M }\n  imgs: { size: 512M }\n' >>small.yaml
        """;

    private static readonly Lazy<Task<LoggedMove>> Made = new(MakeAsync);

    /// <summary>Gives it.</summary>
    public static Task<LoggedMove> GetAsync() => Made.Value;

    /// <summary>Moves what a server has on its one disk, while clients may run.</summary>
    public static Task<string> MoveAsync(GuestMachine guest)
        => guest.RunAsync($"{GuestLuggage.Checkout}/build.sh", "--target=Storage", "--site=small", "--now");

    /// <summary>The disk as it was when the power went.</summary>
    /// <param name="sixths">How far the move had come.</param>
    /// <param name="unflushed">What becomes of what was not flushed.</param>
    /// <param name="file">Path for it.</param>
    public async Task<GuestDisk> CutAsync(int sixths, Unflushed unflushed, string file)
    {
        await CopyAsync(Before, file);
        PowerCut.Play(Log, Start + ((End - Start) * sixths / 6), unflushed, file);
        return new GuestDisk(file);
    }

    private static async Task<LoggedMove> MakeAsync()
    {
        var image = await GuestImage.GetAsync("bookworm");
        var kept = GuestLab.Keep("logged-move");
        await using var lab = await GuestLab.StartAsync();
        var luggage = await GuestLuggage.PackAsync(kept, GuestLab.Context);
        var system = await lab.OverlayAsync(image);
        string inventory;
        await using (var guest = await lab.SwitchOnAsync(image, system, luggage))
        {
            await GuestLuggage.UnpackAsync(guest);
            await guest.ScriptAsync(Site);
            await guest.ScriptAsync(Installation);
            inventory = await guest.ScriptAsync(InventoryScript);
            Assert.That(inventory, Does.Contain("sshd.linked|f|").And.Contain("|c|").And.Contain("disk.img"));
            await guest.ShutDownAsync();
        }

        var (before, written, log) = (Path.Combine(kept, "before.raw"), Path.Combine(lab.Directory, "written.raw"), Path.Combine(kept, "log"));
        await GuestLab.Context.RunAsync(new ToolCommand("qemu-img", "convert", "-O", "raw", system.File, before));
        await CopyAsync(before, written);
        File.WriteAllText(log, "");
        await using (var guest = await lab.SwitchOnAsync(image, new GuestDisk(written) { WriteLog = log }, luggage))
        {
            // The log's end is a whole move; where the power goes is chosen in it.
            var start = WriteLog.Read(log).Count();
            TestContext.Progress.WriteLine(await MoveAsync(guest));
            await guest.KillAsync();
            return new LoggedMove(image, luggage, before, log, start, WriteLog.Read(log).Count(), inventory);
        }
    }

    private static Task<ToolResult> CopyAsync(string from, string to)
        => GuestLab.Context.RunAsync(new ToolCommand("cp", "--sparse=always", "--", from, to));
}
