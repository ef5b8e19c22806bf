using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Posix;

internal sealed class MountInfoSpecs
{
    [Test]
    public void I_get_every_field_and_names_as_the_bytes_that_they_are()
    {
        var mounts = MountInfo.Parse(
        [
            .. "26 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n"u8,
            .. "27 26 7:0 /a\\040b /mnt/c\\134d\\011e\\012f\r"u8, 0xff, .. " ro - xfs /dev/loop0 rw\n"u8,
        ]);

        Assert.That(mounts.Entries[0], Is.EqualTo(new MountEntry(26, 1, "254:0", "/", "/", "ext4", "/dev/vda")));
        Assert.That(mounts.Entries[1].Root, Is.EqualTo("/a b"));
        Assert.That(mounts.Entries[1].Point, Is.EqualTo("/mnt/c\\d\te\nf\r\ufffd"));
    }

    [Test]
    public void I_get_the_mount_that_lies_on_top_and_the_one_that_holds_a_path()
    {
        var mounts = MountInfo.Parse(Encoding.UTF8.GetBytes("1 0 1:0 / / rw - ext4 a rw\n4 3 1:3 / /opt rw - xfs c rw\n3 1 1:2 / /opt rw - xfs b rw\n5 1 1:4 / /optional rw - xfs d rw\n"));

        Assert.That(mounts.At("/opt")?.Id, Is.EqualTo(4));
        Assert.That(mounts.Holding("/opt/x/y").Id, Is.EqualTo(4));
        Assert.That(mounts.Holding("/op").Id, Is.EqualTo(1));
        Assert.That(mounts.Below("/opt").Select(m => m.Point), Is.EqualTo(new[] { "/opt", "/opt" }));
    }
}
