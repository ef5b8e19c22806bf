using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.Archive;

public sealed class MirrorResolverSpecs
{
    [Test]
    public async Task I_get_the_mirrors_that_my_recipe_names_and_no_others()
    {
        var recipe = BaseLayerHelp.Recipe("trixie") with { Mirrors = [new Mirror(new Uri("http://mirror.example.org/debian"), "trixie")] };

        Assert.That(await ResolveAsync(recipe, "http://other.example.org/debian"), Is.EqualTo(new[] { "http://mirror.example.org/debian trixie" }));
    }

    [Test]
    public async Task I_can_name_the_mirrors_on_the_command_line()
        => Assert.That(
            await ResolveAsync(BaseLayerHelp.Recipe("trixie"), "http://mirror.example.org/debian/,http://mirror.example.org/debian-security"),
            Is.EqualTo(new[]
            {
                "http://mirror.example.org/debian trixie",
                "http://mirror.example.org/debian trixie-updates",
                "http://mirror.example.org/debian-security trixie-security",
            }));

    [Test]
    public async Task I_get_no_updates_for_a_suite_that_has_none()
        => Assert.That(await ResolveAsync(BaseLayerHelp.Recipe("sid"), "file:///srv/debian,file:///srv/security"), Is.EqualTo(new[] { "file:///srv/debian sid" }));

    [Test]
    public async Task I_get_the_security_suite_under_its_old_name()
        => Assert.That(await ResolveAsync(BaseLayerHelp.Recipe("etch"), "file:///srv/debian,file:///srv/security"), Has.Member("file:///srv/security etch/updates"));

    [TestCase("mirror.example.org/debian")]
    [TestCase("ftp://mirror.example.org/debian")]
    [TestCase("http://a.example.org,http://b.example.org,http://c.example.org")]
    public void I_am_told_when_the_option_is_no_mirror(string option)
        => Assert.That(
            () => ResolveAsync(BaseLayerHelp.Recipe("trixie"), option),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains("is not the address of a mirror"));

    [Test]
    public void I_get_the_mirror_of_the_hosts_apt_and_none_of_other_origins()
    {
        var host = HostArchive.Parse(
        [
            "https://tools.example.org/apt/|nodistro|Tools|Tools",
            "cdrom://disc/|bookworm|Debian|Debian",
            "http://mirror.example.org/debian-security/|bookworm-security|Debian|Debian-Security",
            "http://mirror.example.org/debian/|bookworm-backports|Debian|Debian Backports",
            "http://mirror.example.org/debian/|bookworm|Debian|Debian",
        ]);

        Assert.That(host, Is.EqualTo(new HostArchive(new Uri("http://mirror.example.org/debian"), new Uri("http://mirror.example.org/debian-security"))));
    }

    [Test]
    public void I_get_the_mirror_before_the_first_update_of_the_lists()
        => Assert.That(
            HostArchive.Parse(["http://mirror.example.org/tools/|stable||", "http://mirror.example.org/debian/|trixie||", "http://mirror.example.org/debian-security/|trixie-security||"]),
            Is.EqualTo(new HostArchive(new Uri("http://mirror.example.org/debian"), new Uri("http://mirror.example.org/debian-security"))));

    [Test]
    public void I_go_through_the_proxy_that_apt_goes_through()
    {
        var config = AptConfig.Parse(
        [
            "Acquire::http::Proxy \"http://proxy.example.org:3142\";",
            "Acquire::http::Proxy::near.example.org \"DIRECT\";",
            "Acquire::Check-Valid-Until \"false\";",
            "Acquire::IndexTargets::deb::Packages::MetaKey \"$(COMPONENT)\";",
        ]);

        Assert.Multiple(() =>
        {
            Assert.That(config.ProxyFor(new Uri("http://far.example.org/debian")), Is.EqualTo(new Uri("http://proxy.example.org:3142")));
            Assert.That(config.ProxyFor(new Uri("http://near.example.org/debian")), Is.Null);
            Assert.That(config.ForAnotherApt(), Has.Length.EqualTo(3).And.Member("Acquire::Check-Valid-Until \"false\";"));
        });
    }

    private static async Task<IEnumerable<string>> ResolveAsync(Recipe recipe, string? option)
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        return (await MirrorResolver.ResolveAsync(recipe, option, context)).Select(s => $"{s.Uri} {s.Suite}");
    }
}
