using Dom0Image.Boot;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Storage;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Storage;

/// <summary>What each run says where I accepted that my exports are no border.</summary>
internal sealed class SharedExportsSpecs
{
    private static readonly MountEntry Disk = new(1, 0, "254:0", "/", "/", "ext4", "/dev/vda");

    [TestCase(ExportAudience.Subnets, ImagesExport.ReadWrite, "every machine of 192.168.0.0/24 can read and write as root everything on the file system of generations and imgs")]
    [TestCase(ExportAudience.Subnets, ImagesExport.ReadOnly, "every machine of 192.168.0.0/24 can read as root everything on the file system of generations and imgs")]
    [TestCase(ExportAudience.Hosts, ImagesExport.ReadOnly, "whoever has or takes the address of one of 3 hosts can read as root everything on the file system of generations and imgs")]
    [TestCase(ExportAudience.Hosts, ImagesExport.None, "whoever has or takes the address of one of 3 hosts can read as root everything on the file system of generations")]
    public void I_am_told_who_can_do_what(ExportAudience audience, ImagesExport images, string expected)
    {
        var site = Sites.OneServer() with { ExportTo = audience, Images = images, Storage = ServedStorage.Default with { SharedAcceptedFor = Sites.OneServer().BootServer } };

        var told = SharedExports.Describe(site, [.. ExportVolumes.Of(site).Select(volume => (volume, Disk))]);

        Assert.That(told, Is.EqualTo($"exports: accepted for 192.168.0.5: {expected} (ext4 on /dev/vda, mounted at /)."));
    }
}
