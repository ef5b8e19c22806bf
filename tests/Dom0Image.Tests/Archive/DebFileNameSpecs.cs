using Dom0Image.Archive;

namespace Dom0Image.Tests.Archive;

internal sealed class DebFileNameSpecs
{
    [TestCase("passwd", "1:4.17.4-2", "amd64", "passwd_1%3a4.17.4-2_amd64.deb")]
    [TestCase("libstdc++6", "14.2.0-19+deb13u1~bpo", "i386", "libstdc++6_14.2.0-19+deb13u1~bpo_i386.deb")]
    [TestCase("base-files", "1", "all", "base-files_1_all.deb")]
    public void A_package_has_its_file_by_the_name_that_apt_gives_it_and_back(string package, string version, string architecture, string name)
    {
        Assert.That(DebFileName.Of(package, version, architecture), Is.EqualTo(name));
        Assert.That(DebFileName.Parse(name), Is.EqualTo((package, version, architecture)));
    }

    [TestCase("passwd_1_amd64.udeb")]
    [TestCase("passwd_1.deb")]
    [TestCase("")]
    public void Another_name_is_none(string name) => Assert.That(DebFileName.Parse(name), Is.Null);
}
