using System.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// A server whose exports lie on its one disk, as before there were file systems of their own, and whose power goes while they are
/// moved. Brought along are .NET's runtime and the compiled pipeline; the site asks for small file systems.
/// </summary>
public sealed class InterruptedMoveSpecs
{
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

    // Names, types, modes, owners, links and contents, without what a directory's file system says of it.
    private const string Inventory = """
        cd /opt/ondemand
        find generations imgs -mindepth 1 -printf '%P|%y|%m|%U:%G|%n|%l\n' | sed '/|d|/s/|[0-9]*|$/||/' | LC_ALL=C sort
        find generations imgs -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        """;

    private const string Site = """
        cd /root/dom0image/recipes/sites
        cp example.yaml small.yaml
        printf 'storage:\n  generations: { size: 512M }\n  imgs: { size: 512M }\n' >>small.yaml
        """;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    [TestCase(3, Category = "Long_interrupted_move")]
    [TestCase(1, Category = "Long_interrupted_move")]
    [TestCase(2, Category = "Long_interrupted_move")]
    [TestCase(4, Category = "Long_interrupted_move")]
    [TestCase(5, Category = "Long_interrupted_move")]
    public async Task A_move_whose_server_loses_power_goes_on_and_no_file_is_lost(int sixths)
    {
        var image = await GuestImage.MakeAsync("bookworm", GuestLab.Context);
        await using var lab = await GuestLab.StartAsync();
        var luggage = await GuestLuggage.PackAsync(lab.Directory, GuestLab.Context);
        var system = await lab.OverlayAsync(image);
        string inventory;
        await using (var guest = await lab.SwitchOnAsync(image, system, luggage))
        {
            await GuestLuggage.UnpackAsync(guest);
            await guest.ScriptAsync(Site);
            await guest.ScriptAsync(Installation);
            inventory = await guest.ScriptAsync(Inventory);
            Assert.That(inventory, Does.Contain("sshd.linked|f|").And.Contain("|c|").And.Contain("disk.img"));
            await guest.ShutDownAsync();
        }

        Tell("an installation");
        var before = await RawAsync(lab, system.File, "raw", "before");
        var log = Path.Combine(lab.Directory, "log");
        File.WriteAllText(log, "");
        var written = await RawAsync(lab, before.File, "copy", "written");
        await using (var guest = await lab.SwitchOnAsync(image, written with { WriteLog = log }, luggage))
        {
            // The log's end is a whole move; where the power goes is chosen in it.
            var started = WriteLog.Read(log).Count();
            var moved = await MoveAsync(guest);
            Tell(moved);
            await guest.KillAsync();
            var all = WriteLog.Read(log).Count();
            var cut = started + ((all - started) * sixths / 6);
            Tell($"power cut after entry {cut} of {started}..{all}");
            PowerCut.Play(log, cut, Unflushed.EveryOther, before.File);
        }

        File.Delete(written.File);
        await using (var guest = await lab.SwitchOnAsync(image, before, luggage))
        {
            Tell("on again");
            Tell(await guest.ScriptAsync("ls /opt/ondemand /var/lib/dom0image/storage; cat /var/lib/dom0image/storage/*.moving; mount | grep ondemand || true"));
            var moved = await MoveAsync(guest);
            Tell(moved);
            Assert.That(await guest.ScriptAsync(Inventory), Is.EqualTo(inventory));
            Assert.That(await guest.ScriptAsync("mountpoint /opt/ondemand/generations; mountpoint /opt/ondemand/imgs; ls -A /opt/ondemand"), Does.Contain("is a mountpoint").And.Not.Contain("dom0image-old"));

            await guest.RebootAsync();
            Assert.That(await guest.ScriptAsync("mountpoint /opt/ondemand/generations; mountpoint /opt/ondemand/imgs; " + Inventory), Does.EndWith(inventory));
        }
    }

    private static async Task<string> MoveAsync(GuestMachine guest)
        => await guest.RunAsync($"{GuestLuggage.Checkout}/build.sh", "--target=Storage", "--site=small", "--now");

    // A raw image with holes, which a log can be played onto.
    private static async Task<GuestDisk> RawAsync(GuestLab lab, string from, string how, string name)
    {
        var file = Path.Combine(lab.Directory, $"{name}.raw");
        await GuestLab.Context.RunAsync(how == "copy"
            ? new ToolCommand("cp", "--sparse=always", "--", from, file)
            : new ToolCommand("qemu-img", "convert", "-O", "raw", from, file));
        return new GuestDisk(file);
    }

    private void Tell(string what) => TestContext.Progress.WriteLine($"[{_watch.Elapsed.TotalSeconds,6:F1} s] {what}");
}
