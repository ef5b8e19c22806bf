using Dom0Image.RootFs.Image;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

/// <summary>What is told of an image, and refused by nobody: what its clients share that is somebody's own elsewhere.</summary>
internal sealed class SharedByAllSpecs
{
    private const string Key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

    private TestImage _image = null!;

    [SetUp]
    public void Make() => _image = new TestImage();

    [TearDown]
    public void Delete() => _image.Dispose();

    [Test]
    public void I_am_told_of_private_keys_that_no_package_brings()
    {
        _image.Dir("/etc/ssl", Mode("0755"));
        _image.Dir("/etc/ssl/private", Mode("0710"));
        _image.File("/etc/ssl/private/ssl-cert-snakeoil.key", Key, Mode("0640"));
        _image.File("/etc/ssl/private/of-a-package.key", Key);
        _image.File("/etc/ssl/certificate", Key.Replace("PRIVATE KEY", "CERTIFICATE"));
        _image.Dir("/flash", Mode("0755"));
        _image.File("/flash/server.key", Key.Replace("PRIVATE", "RSA PRIVATE"));
        _image.Dir("/var/lib/dpkg", Mode("0755"));
        _image.Dir("/var/lib/dpkg/info", Mode("0755"));
        _image.File("/var/lib/dpkg/info/package.list", "/etc/ssl\n/etc/ssl/private/of-a-package.key\n");

        Assert.That(SharedByAll.In(_image.Root, "builder").Single(), Does.StartWith("all clients share the private keys in /etc/ssl/private/ssl-cert-snakeoil.key, /flash/server.key, which"));
    }

    [TestCase("builder\n", ExpectedResult = 1)]
    [TestCase("builder.example.org", ExpectedResult = 1)]
    [TestCase("lab.example.org\n", ExpectedResult = 0)]
    [TestCase("", ExpectedResult = 0)]
    public int I_am_told_of_the_build_machines_name_for_mail(string content)
    {
        _image.File("/etc/mailname", content);

        return SharedByAll.In(_image.Root, "builder.example.org").Count(note => note.Contains("name for mail"));
    }

    [Test]
    public void I_am_told_of_nothing_where_nothing_is_shared() => Assert.That(SharedByAll.In(_image.Root, "builder"), Is.Empty);
}
