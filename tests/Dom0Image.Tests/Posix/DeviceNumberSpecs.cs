using System.Runtime.InteropServices;
using Dom0Image.Posix;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Tests.Posix;

internal sealed class DeviceNumberSpecs
{
    // The last two have what the old form of 8 and 8 bits has no room for, in both of its ends.
    [TestCase(1u, 3u)]
    [TestCase(4u, 64u)]
    [TestCase(259u, 70_000u)]
    [TestCase(0x12345u, 0xABCDEFu)]
    public void Manifests_and_archives_say_the_same_of_a_device(uint major, uint minor)
    {
        var device = gnu_dev_makedev(major, minor);
        Assert.That(DeviceNumber.Of(device), Is.EqualTo($"{major}:{minor}"));
        Assert.That((DeviceNumber.Major(device), DeviceNumber.Minor(device)), Is.EqualTo((major, minor)));
    }

    [Test]
    public void A_device_of_an_image_is_the_same_in_the_RAM_tree()
    {
        var header = TarHeader.Of(FileNode.Get("/dev/null"), TarHeader.CharacterDevice);
        Assert.That((header.Major, header.Minor), Is.EqualTo((1u, 3u)));
    }

    [Test]
    public void What_is_no_block_device_has_no_number_as_one()
    {
        Assert.That(DeviceNumber.OfBlockDevice("/dev/null"), Is.Null);
        Assert.That(DeviceNumber.OfBlockDevice("/dev/no-such"), Is.Null);
    }

    [DllImport("libc")]
    private static extern ulong gnu_dev_makedev(uint major, uint minor);
}
