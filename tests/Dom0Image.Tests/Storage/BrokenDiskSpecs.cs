namespace Dom0Image.Tests.Storage;

/// <summary>An image file whose disk is full breaks the file system in it: that is no lack of space in there.</summary>
internal sealed class BrokenDiskSpecs
{
    [Test]
    public void I_hear_which_disk_is_full_when_the_file_system_in_an_image_breaks()
    {
        using var room = new MountRoom();
        room.Sh("mkdir -p var/lib; mount -t tmpfs -o size=100m t var/lib");
        room.Done("ensure", "generations=335544320,sparse");
        room.Sh("dd if=/dev/zero of=var/lib/other bs=1M status=none || true");

        Assert.That(Write(), Does.Match("disk full: '.*/opt/ondemand/generations' has 2.. MB free, but lies in the image file .*/storage/generations.img, whose disk has 0 B left"));

        // What XFS does when it can write its own records no more.
        room.Sh("xfs_io -x -c shutdown opt/ondemand/generations");
        var errors = Write();

        Assert.That(errors, Does.Contain("cannot be read or written: its file system, xfs on /dev/loop").And.Contain("is broken or shut itself down"));
        Assert.That(errors, Does.Contain($"It lies in {room.Root}/var/lib/dom0image/storage/generations.img, whose disk has 0 B left: free some space there").And.Contain("umount").And.Contain("dmesg"));
        Assert.That(errors, Does.Not.Contain("No space left").And.Not.Contain("disk full"));

        room.Sh("rm var/lib/other; umount opt/ondemand/generations");
        room.Done("ensure", "generations=335544320,sparse");
        room.Sh("echo works > opt/ondemand/generations/again");

        string Write() => HostProcess.Run(room.Inside, "storage", $"{room.Root}/opt/ondemand/generations/file", "write", "20000000").Errors;
    }
}
