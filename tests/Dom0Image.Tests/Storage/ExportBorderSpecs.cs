using Dom0Image.Diagnostics;
using Dom0Image.Storage;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Storage;

/// <summary>What is exported is all that can be reached: real file systems, each way to have a directory that is none of its own.</summary>
internal sealed class ExportBorderSpecs
{
    private const string Generations = "mkdir -p generations imgs elsewhere; truncate -s 320M g.img i.img; ";
    private const string OwnXfs = Generations + "mkfs.xfs -q g.img; mount -o loop g.img generations; ";
    private const string OwnBtrfs = Generations + "mkfs.btrfs -q g.img; mount -o loop g.img elsewhere; ";

    private MountRoom _room = null!;
    private Workshop _workshop = null!;

    [SetUp]
    public void Open()
    {
        _room = new MountRoom();
        _workshop = new Workshop();
    }

    [TearDown]
    public void Close()
    {
        _room.Dispose();
        _workshop.Dispose();
    }

    [TestCase("mkfs.xfs -q")]
    [TestCase("mke2fs -q -t ext4")]
    [TestCase("mkfs.btrfs -q")]
    public async Task I_can_export_a_file_system_of_its_own(string make)
    {
        _room.Sh($"{Generations} {make} g.img; {make} i.img; mount -o loop g.img generations; mount -o loop i.img imgs");

        Assert.That(await CheckAsync("generations", "imgs"), Is.Empty);
    }

    [TestCase("mkdir -p generations", "is a directory of ", TestName = "I_cannot_export_a_directory_of_the_servers_disk")]
    [TestCase("mkdir -p generations elsewhere; mount --bind elsewhere generations", "is a bind mount of ", TestName = "I_cannot_export_a_bind_mount")]
    [TestCase(OwnXfs + "mount -o loop g.img elsewhere", "is mounted at {0}/elsewhere too", TestName = "I_cannot_export_a_file_system_that_is_mounted_twice")]
    [TestCase(OwnXfs + "mount --bind generations elsewhere; mount -o remount,bind,ro elsewhere", "is mounted at {0}/elsewhere too", TestName = "I_cannot_export_a_file_system_that_is_mounted_read_only_too")]
    [TestCase(OwnXfs + "mkdir generations/a; mount --bind generations/a elsewhere", "is mounted at {0}/elsewhere too", TestName = "I_cannot_export_a_file_system_of_which_a_directory_is_mounted_elsewhere")]
    [TestCase(OwnXfs + "mkdir generations/a; mount -t tmpfs t generations/a", "'{0}/generations/a' is mounted inside the export", TestName = "I_cannot_export_a_file_system_with_another_one_in_it")]
    [TestCase(OwnBtrfs + "btrfs subvolume create elsewhere/g; umount elsewhere; mount -o loop,subvol=g g.img generations", "is the subvolume /g of a btrfs", TestName = "I_cannot_export_a_subvolume")]
    [TestCase(OwnBtrfs + "btrfs subvolume create 'elsewhere/other one'; umount elsewhere; mount -o loop g.img generations", "more subvolumes than the one that is mounted (other one)", TestName = "I_cannot_export_a_btrfs_with_subvolumes")]
    [TestCase(OwnXfs + "mkdir elsewhere/u elsewhere/w; mount -t overlay -o lowerdir=/etc,upperdir=elsewhere/u,workdir=elsewhere/w o generations", "is an overlay", TestName = "I_cannot_export_an_overlay")]
    public async Task I_am_told_what_else_could_be_reached(string mounts, string expected)
    {
        _room.Sh(mounts);

        var found = await CheckAsync("generations");

        Assert.That(found, Has.Some.Matches<Diagnostic>(d => d.What.Contains(string.Format(expected, _room.Root))));
        Assert.That(found, Has.All.Matches<Diagnostic>(d => d is { Hint.Length: > 0 }), "each with its cure");
    }

    [Test]
    public async Task I_cannot_have_both_exports_on_one_file_system()
    {
        _room.Sh(OwnXfs + "mount -o loop g.img imgs");

        Assert.That((await CheckAsync("generations", "imgs")).Select(d => d.What), Has.One.Contains("/imgs too").And.One.Contains("/generations too"));
    }

    [Test]
    public async Task I_am_told_when_a_mount_is_hidden_by_a_later_one_above_it()
    {
        _room.Sh(OwnXfs + "mount -t tmpfs t .; mkdir -p \"$1/generations\"", _room.Root);

        Assert.That((await CheckAsync("generations")).Select(d => d.What), Has.One.Contains("is a directory of tmpfs"));
    }

    [Test]
    public async Task I_am_told_when_no_NFS_server_can_export_it()
    {
        _room.Sh("mkdir -p generations l u w; mount -t tmpfs t u; mkdir u/u u/w; mount -t overlay -o lowerdir=l,upperdir=u/u,workdir=u/w o generations");

        Assert.That((await ReadAsync("generations")).CheckHandles().Select(d => d.What), Has.One.Contains("gives no file handles"));
    }

    private async Task<IEnumerable<Diagnostic>> CheckAsync(params string[] directories) => (await ReadAsync(directories)).Check();

    private Task<BorderReading> ReadAsync(params string[] directories)
        => BorderReading.ReadAsync(directories.Select(d => $"{_room.Root}/{d}"), _workshop.Context, _room.Process);
}
