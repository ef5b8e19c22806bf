using System.Globalization;
using System.Net.Sockets;
using Dom0Image.Generations;
using Dom0Image.Tests.Border;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>What becomes of a server's exports when it is restarted, when they grow, and when a disk is full; see <see cref="PublishedServer"/>.</summary>
internal sealed class ServerStorageSpecs
{
    private const string Images = "/var/lib/dom0image/storage";

    private const string ChangedFile = "overlays/base/etc/hosts";

    // What keeps a server from giving the empty directory, taken away for a while: else nobody knows that it was this.
    private const string WithoutGuard = """
        if systemctl is-enabled --quiet nfs-ganesha; then
            mv /etc/systemd/system/nfs-ganesha.service.d /root/guard
            systemctl daemon-reload
            systemctl start nfs-ganesha
        else
            cp /etc/exports.d/dom0image.exports /root/guard
            sed -i 's/mountpoint,\|,mountpoint//' /etc/exports.d/dom0image.exports
            exportfs -ra
        fi
        """;

    private const string WithGuard = """
        if test -d /root/guard; then
            mv /root/guard /etc/systemd/system/nfs-ganesha.service.d
        else
            mv /root/guard /etc/exports.d/dom0image.exports
        fi
        """;

    [TestCase("ganesha", Category = "Long_server_storage")]
    [TestCase("kernel", Category = "Long_server_storage")]
    public async Task An_image_file_that_is_missing_at_boot_makes_no_server_give_what_lies_beneath(string nfsServer)
    {
        var server = await PublishedServer.GetAsync("bookworm", nfsServer);
        await using var lab = await GuestLab.StartAsync();
        await using var guest = await server.SwitchOnAsync(lab);
        Assert.That(await MountAsync(lab, guest, Places.Generations), Is.Zero);

        await guest.ScriptAsync($"mv {Images}/generations.img {Images}/away.img");
        await guest.RebootAsync();

        await guest.ScriptAsync($"! mountpoint {Places.Generations}");
        Assert.That(await MountAsync(lab, guest, Places.Generations), Is.Not.Zero);

        await guest.ScriptAsync(WithoutGuard);
        Assert.That(async () => await MountAsync(lab, guest, Places.Generations), Is.Zero.After(20_000, 500), "without what keeps it back it gives the empty directory");

        await guest.ScriptAsync(WithGuard);
        await guest.ScriptAsync($"mv {Images}/away.img {Images}/generations.img");
        await guest.RebootAsync();
        Assert.That(await MountAsync(lab, guest, Places.Generations), Is.Zero, "it is served again when it is there again");
    }

    [Test]
    [Category("Long_server_storage")]
    public async Task Exports_grow_under_their_clients_and_what_is_allocated_is_not_touched_by_a_full_disk()
    {
        var server = await PublishedServer.GetAsync("bookworm", "ganesha");
        await using var lab = await GuestLab.StartAsync();
        await using var guest = await server.SwitchOnAsync(lab);
        using var client = await GuestNfs.ClientAsync(lab, guest);
        var (_, root) = client.Mount(Places.Generations);
        var before = await SizeAsync(guest, Places.DomUImages);

        (await PublishedServer.BuildAsync(guest, "--target=Storage", "--grow=imgs=5G")).Succeeded();
        Assert.That(await SizeAsync(guest, Places.DomUImages), Is.GreaterThan(before + (900L << 20)));
        Assert.That(client.GetAttributes(root).Status, Is.Zero, "who had it mounted goes on");
        var published = await guest.RunAsync("readlink", "/opt/ondemand/root");
        // The site says so, too, from then on: an image is never made smaller.
        await guest.ScriptAsync($"printf 'storage:\n  imgs: {{ size: 5G }}\n' >>{GuestLuggage.Checkout}/recipes/sites/{PublishedServer.Site}.yaml");

        // The server's own disk is filled to its last block under a build that has a changed image to publish, and under a client
        // that writes.
        await guest.ScriptAsync($"echo '# A line more.' >>{GuestLuggage.Checkout}/{ChangedFile}");
        var building = PublishedServer.BuildAsync(guest, "--boot-test=no");
        await guest.ScriptAsync("fallocate -l $(($(df --output=avail -B1 / | tail -1) - 4096)) /filler || true; cat /dev/zero >/filler2 2>/dev/null || true; sync");
        Assert.That((await guest.TryAsync("cp", "/bin/bash", "/root/bash")).ExitCode, Is.Not.Zero, "the disk is full");
        WriteOnTheFullDisk(client);
        var build = await building;

        Assert.That(build.ExitCode, Is.Not.Zero, build.Output);
        // It is refused before it begins, or breaks off, by how far it was when the disk was full.
        Assert.That(build.Output, Does.Match(@"there is no room for another generation .* on the file system at /\.|disk full: no space left[\s\S]*mounted at / \("));
        Assert.That(client.GetAttributes(root).Status, Is.Zero);
        Assert.That(await guest.RunAsync("readlink", "/opt/ondemand/root"), Is.EqualTo(published), "what was published is served");

        await guest.ScriptAsync("rm /filler /filler2");
        (await PublishedServer.BuildAsync(guest, "--boot-test=no")).Succeeded();
    }

    // What nobody had written to before: the blocks are there since the image was made.
    private static void WriteOnTheFullDisk(RawNfs client)
    {
        const int Chunk = 256 << 10;
        var images = client.Mount(Places.DomUImages).Handle;
        Assert.That(client.Create(images, "written"), Is.Zero);
        var file = client.LookUp(images, "written").Handle;
        var data = new byte[Chunk];
        for (var chunk = 0; chunk < 200; chunk++)
        {
            Random.Shared.NextBytes(data);
            Assert.That(client.Write(file, (long)chunk * Chunk, data), Is.Zero);
        }
    }

    private static async Task<long> SizeAsync(GuestMachine guest, string place)
        => long.Parse((await guest.ScriptAsync($"df --output=size -B1 {place} | tail -1")).Trim(), CultureInfo.InvariantCulture);

    private static async Task<uint> MountAsync(GuestLab lab, GuestMachine guest, string place)
    {
        try
        {
            using var client = await GuestNfs.ClientAsync(lab, guest);
            return client.Mount(place).Status;
        }
        catch (SocketException)
        {
            // No server runs.
            return RawNfs.Denied;
        }
    }
}
