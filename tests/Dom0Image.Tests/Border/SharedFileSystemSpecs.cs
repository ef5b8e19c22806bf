using Dom0Image.Generations;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Border;

/// <summary>
/// Exports that share a file system with other things, as where nobody thinks of it: what <see cref="ForgedHandleSpecs"/>
/// tries in vain leads everywhere here. Were it not so, those tests could not fail.
/// </summary>
internal sealed class SharedFileSystemSpecs
{
    private const string Client = "192.168.0.101";

    // One ext4 with all that a server has, of which two directories are exported.
    private const string OneDisk = """
        truncate --size 100M "$1.img"
        mkfs.ext4 -q "$1.img"
        mount -o loop "$1.img" "$1"
        mkdir -p "$1/etc" "$1/opt/ondemand/generations" "$1/opt/ondemand/imgs"
        echo shadow >"$1/etc/secret"
        echo generations >"$1/opt/ondemand/generations/secret"
        for name in generations imgs; do
          mkdir "$2/$name"
          mount --bind "$1/opt/ondemand/$name" "$2/$name"
        done
        """;

    // One btrfs, of which two subvolumes are exported, and another one is not even mounted.
    private const string Subvolumes = """
        truncate --size 200M "$1.img"
        mkfs.btrfs --quiet "$1.img"
        mount -o loop "$1.img" "$1"
        for name in generations imgs other; do btrfs subvolume create "$1/$name"; done
        echo other >"$1/other/secret"
        for name in generations imgs; do
          mkdir "$2/$name"
          mount -o loop,subvol=$name "$1.img" "$2/$name"
        done
        """;

    [Test]
    public async Task I_read_the_server_s_secrets_and_write_into_its_root_by_the_number_of_its_root()
    {
        await using var lab = await BorderLab.StartSharedAsync(Sites.OneServer(), OneDisk, Client);
        var client = lab.ClientAt(Client);
        var disk = Path.Combine($"/proc/{lab.ProcessId}/root{lab.Host}", "disk");

        var read = Forger.Try(client, Handles(lab, client, Places.Generations).To(KernelHandle.RootOfExt));
        Assert.That(read, Has.Some.EqualTo("shadow\n"));
        Assert.That(File.Exists($"{disk}/{Forger.Planted}"), Is.False, "generations are read-only");

        Forger.Try(client, Handles(lab, client, Places.DomUImages).To(KernelHandle.RootOfExt));
        Assert.That(File.Exists($"{disk}/{Forger.Planted}"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task I_reach_a_neighbour_and_change_everybody_s_root_through_the_images(bool cold)
    {
        await using var lab = await BorderLab.StartSharedAsync(Sites.OneServer(), OneDisk, Client);
        var client = lab.ClientAt(Client);
        var images = Handles(lab, client, Places.DomUImages);
        if (cold)
        {
            await lab.RestartAsync();
        }
        else
        {
            client.Mount(Places.Generations);
        }

        var neighbour = Forger.Try(client, images.To(KernelHandle.Of(Path.Combine($"/proc/{lab.ProcessId}/root{lab.Host}", "disk", "etc"))));
        var generations = Forger.Try(client, images.To(KernelHandle.Of(lab[Places.Generations])));

        Assert.That(neighbour, Has.Some.EqualTo("shadow\n"));
        Assert.That(generations, Has.Some.EqualTo("generations\n"));
        Assert.That(File.Exists($"{lab[Places.Generations]}/{Forger.Planted}"));
    }

    [Test]
    public async Task I_read_another_subvolume_that_is_not_mounted()
    {
        await using var lab = await BorderLab.StartSharedAsync(Sites.OneServer(), Subvolumes, Client);
        var client = lab.ClientAt(Client);
        var other = KernelHandle.Of(Path.Combine($"/proc/{lab.ProcessId}/root{lab.Host}", "disk", "other"));
        await lab.RunAsync(new("umount", Path.Combine(lab.Host, "disk")));

        var read = Forger.Try(client, Handles(lab, client, Places.Generations).To(other));

        Assert.That(read, Has.Some.EqualTo("other\n"));
    }

    private static GaneshaHandle Handles(BorderLab lab, RawNfs client, string place)
    {
        var (status, root) = client.Mount(place);
        Assert.That(status, Is.Zero, $"{place} is exported");
        return GaneshaHandle.Of(root, KernelHandle.Of(lab[place]));
    }
}
