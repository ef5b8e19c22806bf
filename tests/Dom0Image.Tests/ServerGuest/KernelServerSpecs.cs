using System.Globalization;
using System.Text;
using Dom0Image.Tests.Border;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// The kernel's NFS server of a Debian server, and somebody on a client who asks it with handles of his own making. The server is
/// brought .NET's runtime and the compiled pipeline; Debian's package of the kernel's server is installed while it runs.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class KernelServerSpecs
{
    private const string Suite = "bookworm";

    // As exports were before they had file systems of their own.
    private const string OneDisk = """
        systemctl disable --now nfs-ganesha
        mkdir -p /opt/ondemand/generations /opt/ondemand/imgs
        printf '/opt/ondemand/generations 192.168.0.0/24(ro,no_root_squash,no_subtree_check)\n/opt/ondemand/imgs 192.168.0.0/24(rw,no_root_squash,no_subtree_check)\n' >/etc/exports
        systemctl restart nfs-server
        exportfs -v
        """;

    private const string Site = $"""
        cd {GuestLuggage.Checkout}
        sed 's/^boot-server:.*/&\nnfs-server: kernel/' recipes/sites/example.yaml >recipes/sites/kernel.yaml
        (cat recipes/sites/kernel.yaml; printf 'storage:\n  generations:\n    size: 320M\n') >recipes/sites/small.yaml
        fallocate -l 400M /opt/ondemand/generations/kept
        """;

    private const string OwnDisks = $"""
        cd {GuestLuggage.Checkout}
        test "$(stat -c %s /opt/ondemand/generations/kept)" = 419430400
        systemctl is-active nfs-server
        : >/etc/exports
        ./build.sh --target=BootFiles --site=kernel
        systemctl restart nfs-server
        mountpoint /opt/ondemand/generations
        mountpoint /opt/ondemand/imgs
        exportfs -v
        """;

    [Test]
    [Category("Boots")]
    public async Task A_forged_handle_reads_the_server_s_shadow_on_one_disk_and_nothing_on_file_systems_of_their_own()
    {
        var image = await GuestImage.GetAsync(Suite);
        await using var lab = await GuestLab.StartAsync();
        var luggage = await GuestLuggage.PackAsync(lab.Directory, GuestLab.Context);
        await using var guest = await lab.SwitchOnAsync(image, await lab.OverlayAsync(image), luggage);
        await GuestLuggage.UnpackAsync(guest);
        await GuestPackages.InstallAsync(guest, Suite, "nfs-kernel-server");
        var shadow = await HandleOfAsync(guest, "/etc/shadow");

        TestContext.Progress.WriteLine(await guest.ScriptAsync(OneDisk));
        using (var client = await GuestNfs.ClientAsync(lab, guest))
        {
            Assert.That(Read(client, "/opt/ondemand/generations", KernelHandle.RootOfExt), Does.Contain("root:"), "by the number of the root");
            Assert.That(Text(client, RootOf(client, "/opt/ondemand/generations").To(shadow)), Does.Contain("root:"), "by its own number");
            Assert.That(client.Create(RootOf(client, "/opt/ondemand/imgs").To(KernelHandle.RootOfExt), Forger.Planted), Is.Zero);
            await guest.RunAsync("rm", $"/{Forger.Planted}");

            await guest.ScriptAsync(Site);
            await RefusedAsync(guest, "clients run from this server", "--site=kernel");
            await RefusedAsync(guest, "holds more than generations is to have", "--site=small", "--now");
            Assert.That(client.GetAttributes(RootOf(client, "/opt/ondemand/generations").Root).Status, Is.Zero, "it is served as before");
            var moved = (await StorageAsync(guest, "--site=kernel", "--now")).Succeeded();
            Assert.That(moved, Does.Contain("the roots of 1 clients end: ").And.Contain("stopped nfs-server.service until the move is over").And.Contain("started nfs-server.service again"));
        }

        TestContext.Progress.WriteLine(await guest.ScriptAsync(OwnDisks));
        using (var client = await GuestNfs.ClientAsync(lab, guest))
        {
            foreach (var place in new[] { "/opt/ondemand/generations", "/opt/ondemand/imgs" })
            {
                var root = RootOf(client, place);
                Assert.That(client.GetAttributes(root.Root).Status, Is.Zero, "what is exported is reached");
                foreach (var forged in Enumerable.Range(0, 300).Select(n => KernelHandle.ByNumber64((ulong)n)).Concat([KernelHandle.RootOfExt, KernelHandle.RootOfXfs, shadow]))
                {
                    Assert.That(Read(client, place, forged), Is.Empty);
                    Assert.That(Text(client, root.To(forged)), Is.Empty);
                    client.Create(root.To(forged), Forger.Planted);
                }
            }
        }

        Assert.That((await guest.TryAsync("find", "/", "-xdev", "-name", Forger.Planted)).Output, Is.Empty);
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
