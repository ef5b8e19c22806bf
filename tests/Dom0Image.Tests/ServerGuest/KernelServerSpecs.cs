using System.Globalization;
using System.Text;
using Dom0Image.Tests.Border;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// The kernel's NFS server of a Debian server, and somebody on a client who asks it with handles of his own making. The server is
/// brought .NET's runtime and the compiled pipeline; Debian's package of the kernel's server is installed while it runs.
/// </summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class KernelServerSpecs
{
    private const string Suite = "bookworm";

    private const int ManyHosts = 5000;

    private static readonly string[] Exports = ["/opt/ondemand/generations", "/opt/ondemand/imgs"];

    // As exports were before they had file systems of their own.
    private const string OneDisk = """
        systemctl disable --now nfs-ganesha
        mkdir -p /opt/ondemand/generations /opt/ondemand/imgs
        printf '/opt/ondemand/generations 192.168.0.0/24(ro,no_root_squash,no_subtree_check)\n/opt/ondemand/imgs 192.168.0.0/24(rw,no_root_squash,no_subtree_check)\n' >/etc/exports
        systemctl restart nfs-server
        exportfs -v
        """;

    // The sites: the example site, one whose file system would be too small for what is there, and ones that list who gets in.
    private static readonly string Sites = $$"""
        cd {{GuestLuggage.Checkout}}/recipes/sites
        sed 's/^boot-server:.*/&\nnfs-server: kernel/' example.yaml >kernel.yaml
        (cat kernel.yaml; printf 'storage:\n  generations:\n    size: 512M\n') >small.yaml
        (sed '/^    range:/d; /^default-profile:/d; s|^profiles:|  - { network: 10.1.0.0/16, router: 10.1.0.1 }\n\n&|' kernel.yaml; echo 'export-to: hosts') >few.yaml
        sed -i 's/^hosts:/&\n  reader: { mac: "52:54:00:00:02:02", address: 192.168.0.2, profile: dom0 }/' few.yaml
        printf 'storage:\n  imgs:\n    size: 5G\n' >>few.yaml
        more() {
            awk -v count=$1 '{ print } /^hosts:/ { for (i = 0; i < count; i++)
                printf "  n%d: { mac: \"52:54:00:aa:%02x:%02x\", address: 10.1.%d.%d, profile: dom0 }\n", i, i / 256, i % 256, i / 100, 2 * (i % 100) + 2 }' few.yaml
        }
        more 1 >one-more.yaml
        more {{ManyHosts}} >many.yaml
        """;

    private const string OwnDisks = $"""
        cd {GuestLuggage.Checkout}
        test "$(systemctl is-active nfs-ganesha)" = inactive
        test "$(systemctl is-enabled nfs-ganesha)" = disabled
        : >/etc/exports
        ./build.sh --target=BootFiles --site=kernel
        systemctl enable dom0image-address
        systemctl restart nfs-server
        mountpoint /opt/ondemand/generations
        mountpoint /opt/ondemand/imgs
        exportfs -v
        """;

    [Test]
    [Category("Integration")]
    public async Task What_my_clients_reach_through_the_kernel_s_server_is_the_exports_alone_from_the_move_on()
    {
        await using var lab = await GuestLab.StartAsync();
        await using var guest = await SwitchOnAsync(lab);
        var shadow = await HandleOfAsync(guest, "/etc/shadow");
        TestContext.Progress.WriteLine(await guest.ScriptAsync($"{OneDisk}\n{Sites}\necho kept >{Exports[0]}/kept"));

        using (var client = await GuestNfs.ClientAsync(lab, guest))
        {
            await ReachesAllAsync(client, guest, shadow);
            await MoveAsync(client, guest);
        }

        await guest.ScriptAsync($"test $(cat {Exports[0]}/kept) = kept; systemctl is-active nfs-server");
        TestContext.Progress.WriteLine(await guest.ScriptAsync(OwnDisks));
        using (var client = await GuestNfs.ClientAsync(lab, guest))
        {
            await ReachesExportsAloneAsync(client, guest, shadow);
            await GrowAsync(client, guest);
            await LetInAsync(client, guest, "one-more", 1);
        }

        await LoseAsync(lab, guest);
    }

    [Test]
    [Category("Long_kernel_exports")]
    public async Task I_can_let_in_5000_hosts_more_while_the_others_read()
    {
        await using var lab = await GuestLab.StartAsync();
        await using var guest = await SwitchOnAsync(lab);
        await guest.ScriptAsync($"systemctl disable --now nfs-ganesha\n{Sites}\n{OwnDisks.Replace("--site=kernel", "--site=few", StringComparison.Ordinal)}\necho of-the-other >{Exports[1]}/secret");
        using var client = await GuestNfs.ClientAsync(lab, guest);

        await LetInAsync(client, guest, "many", ManyHosts);
    }

    private static async Task<GuestMachine> SwitchOnAsync(GuestLab lab)
    {
        var image = await GuestImage.GetAsync(Suite);
        var luggage = await GuestLuggage.PackAsync(lab.Directory, GuestLab.Context);
        var guest = await lab.SwitchOnAsync(image, await lab.OverlayAsync(image), luggage);
        await GuestLuggage.UnpackAsync(guest);
        await GuestPackages.InstallAsync(guest, Suite, "nfs-kernel-server");
        return guest;
    }

    // A file of the other export is reached by no handle of this one either, whether or not the server has it in its memory.
    private static async Task ReachesExportsAloneAsync(RawNfs client, GuestMachine guest, KernelHandle shadow)
    {
        var random = new Random(20261128);
        foreach (var (place, other) in Exports.Zip(Exports.Reverse()))
        {
            await guest.ScriptAsync($"echo of-the-other >{other}/secret; sync");
            var secret = await HandleOfAsync(guest, $"{other}/secret");
            var root = RootOf(client, place);
            Assert.That(client.GetAttributes(root.Root).Status, Is.Zero, "what is exported is reached");
            KernelHandle[] forgeries =
            [
                .. Enumerable.Range(0, 300).Select(n => KernelHandle.ByNumber64((ulong)n)),
                .. Enumerable.Range(0, 300).Select(_ => KernelHandle.ByNumber64((ulong)random.NextInt64(1L << 32), (uint)random.Next())),
                KernelHandle.RootOfExt,
                KernelHandle.RootOfXfs,
                shadow,
                secret,
            ];
            foreach (var forged in forgeries)
            {
                Assert.That(Read(client, place, forged), Is.Empty);
                Assert.That(Text(client, root.To(forged)), Is.Empty);
                client.Create(root.To(forged), Forger.Planted);
            }

            Assert.That(Text(client, RootOf(client, other).To(secret)), Is.EqualTo("of-the-other\n"), "it is a handle of that file, there");
            Assert.That(Text(client, root.To(secret)), Is.Empty, "nor when the server has just read it");
        }

        Assert.That((await guest.TryAsync("find", "/", "-xdev", "-name", Forger.Planted)).Output, Is.Empty);
    }

    private static async Task ReachesAllAsync(RawNfs client, GuestMachine guest, KernelHandle shadow)
    {
        Assert.That(Read(client, Exports[0], KernelHandle.RootOfExt), Does.Contain("root:"), "by the number of the root");
        Assert.That(Text(client, RootOf(client, Exports[0]).To(shadow)), Does.Contain("root:"), "by its own number");
        Assert.That(client.Create(RootOf(client, Exports[1]).To(KernelHandle.RootOfExt), Forger.Planted), Is.Zero);
        await guest.RunAsync("rm", $"/{Forger.Planted}");
    }

    private static async Task MoveAsync(RawNfs client, GuestMachine guest)
    {
        await RefusedAsync(guest, "clients run from this server", "--site=kernel");
        await guest.ScriptAsync($"fallocate -l 600M {Exports[0]}/large");
        await RefusedAsync(guest, "holds more than generations is to have", "--site=small", "--now");
        await guest.RunAsync("rm", $"{Exports[0]}/large");
        Assert.That(client.GetAttributes(RootOf(client, Exports[0]).Root).Status, Is.Zero, "it is served as before");

        var moved = (await StorageAsync(guest, "--site=kernel", "--now")).Succeeded();
        Assert.That(moved, Does.Contain("the roots of 1 clients end: ").And.Contain("stopped nfs-server.service until the move is over").And.Contain("started nfs-server.service again"));
    }

    private static async Task GrowAsync(RawNfs client, GuestMachine guest)
    {
        var reader = SteadyReader.Start(client, RootOf(client, Exports[1]).Root, "secret");
        (await StorageAsync(guest, "--site=kernel", "--grow=imgs=5G")).Succeeded();
        Assert.That(long.Parse(await guest.ScriptAsync($"df --output=size -B1G {Exports[1]} | tail -1"), CultureInfo.InvariantCulture), Is.GreaterThanOrEqualTo(4));
        Assert.That(await reader.EndAsync(), Is.GreaterThan(100), "over the one connection, without an error");
    }

    // What --target=Serve does where hosts were added.
    private static async Task LetInAsync(RawNfs client, GuestMachine guest, string site, int hosts)
    {
        const string ReadAgain = $"""
            cd {GuestLuggage.Checkout}
            ./build.sh --target=BootFiles --site=SITE >/dev/null
            start=$(date +%s%N)
            exportfs -ra
            echo $(( ($(date +%s%N) - start) / 1000000 ))
            """;
        async Task<int> ServeToAsync(string name) => int.Parse(await guest.ScriptAsync(ReadAgain.Replace("SITE", name, StringComparison.Ordinal)), CultureInfo.InvariantCulture);

        var reader = SteadyReader.Start(client, RootOf(client, Exports[1]).Root, "secret");
        var few = await ServeToAsync("few");
        var (before, _) = reader.TakeTimes();
        var more = await ServeToAsync(site);
        Assert.That(await guest.ScriptAsync("grep -c '10[.]1[.]' /var/lib/nfs/etab"), Is.EqualTo($"{2 * hosts}\n"));
        var calls = reader.Calls;
        Assert.That(() => reader.Calls, Is.GreaterThan(calls + 100).After(180_000, 500), "it reads on, over the one connection");
        await reader.EndAsync();
        var (after, slowest) = reader.TakeTimes();

        TestContext.Progress.WriteLine($"exportfs -ra: {few} ms with 4 hosts, {more} ms with {hosts} more; a call takes {before.TotalMicroseconds:F0} and {after.TotalMicroseconds:F0} us, the slowest of the client that reads on took {slowest.TotalSeconds:F1} s");
        Assert.That(after, Is.LessThan(before * 3));
    }

    private static async Task LoseAsync(GuestLab lab, GuestMachine guest)
    {
        const string Image = "/var/lib/dom0image/storage/generations.img";
        const string Blocks = "stat -c %b /var/lib/dom0image/storage/imgs.img";
        var blocks = await guest.ScriptAsync(Blocks);
        await guest.ScriptAsync($"mv {Image} {Image}.away");
        await guest.RebootAsync();
        await guest.TryAsync("systemctl", "is-system-running", "--wait");
        using (var client = await GuestNfs.ClientAsync(lab, guest))
        {
            Assert.That(client.Mount(Exports[0]).Status, Is.Not.Zero, "the empty directory beneath is not given");
            Assert.That(client.Mount(Exports[1]).Status, Is.Zero, "what is there is");
        }

        await guest.ScriptAsync($"rm {Exports[1]}/secret; fstrim --all || true; fstrim {Exports[1]} || true; sync");
        Assert.That(await guest.ScriptAsync(Blocks), Is.EqualTo(blocks), "a full image keeps its blocks, whoever trims");

        await guest.ScriptAsync($"mv {Image}.away {Image}; systemctl start opt-ondemand-generations.mount; exportfs -ra");
        using (var client = await GuestNfs.ClientAsync(lab, guest))
        {
            Assert.That(client.Mount(Exports[0]).Status, Is.Zero);
        }
    }

    private static Task<GuestResult> StorageAsync(GuestMachine guest, params string[] options) => guest.TryAsync([$"{GuestLuggage.Checkout}/build.sh", "--target=Storage", .. options]);

    private static async Task RefusedAsync(GuestMachine guest, string why, params string[] options)
    {
        var said = await StorageAsync(guest, options);
        Assert.That(said.ExitCode, Is.Not.Zero, said.Output);
        Assert.That(said.Output, Does.Contain(why));
        Assert.That((await guest.TryAsync("systemctl", "is-active", "nfs-server")).Output, Does.StartWith("active"), why);
    }

    private static KernelServerHandle RootOf(RawNfs client, string place)
    {
        var (status, root) = client.Mount(place);
        Assert.That(status, Is.Zero, $"{place} is exported");
        return new KernelServerHandle(root);
    }

    // What stands in etc/shadow below a forged directory.
    private static string Read(RawNfs client, string place, KernelHandle directory)
        => client.LookUp(RootOf(client, place).To(directory), "etc") is (0, var etc) && client.LookUp(etc, "shadow") is (0, var shadow) ? Text(client, shadow) : "";

    private static string Text(RawNfs client, byte[] file) => client.Read(file) is (0, var data) ? Encoding.UTF8.GetString(data) : "";

    private static async Task<KernelHandle> HandleOfAsync(GuestMachine guest, string path)
    {
        // "GENERATION FLAGS PATH"
        var inode = (await guest.RunAsync("stat", "--format=%i", path)).Trim();
        var generation = (await guest.RunAsync("lsattr", "-v", path)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return KernelHandle.ByNumber32(uint.Parse(inode, CultureInfo.InvariantCulture), uint.Parse(generation, CultureInfo.InvariantCulture));
    }
}
