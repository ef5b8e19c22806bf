using Dom0Image.Archive;
using Dom0Image.Recipes;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

internal sealed class MirrorResolverSpecs
{
    private static readonly Recipe Trixie = BaseLayerHelp.Recipe("trixie");

    private static readonly DebianMirrors Site = MirrorResolver.Parse("http://site.example.org/debian,http://site.example.org/security");

    [Test]
    public async Task I_get_the_mirrors_that_my_recipe_names_and_no_other_archives()
    {
        var recipe = Trixie with { Mirrors = [Mirror("trixie-updates", "http://other.example.org/debian"), Mirror("trixie", "http://mirror.example.org/debian")] };

        Assert.That(await ResolveAsync(recipe, null, Site), Is.EqualTo(new[] { "http://mirror.example.org/debian trixie", "http://other.example.org/debian trixie-updates" }));
    }

    [Test]
    public async Task I_get_the_mirrors_of_the_command_line_before_those_of_the_recipe_before_those_of_the_site()
    {
        var recipe = Trixie with { Archives = ["trixie", "trixie-security"], Mirrors = [Mirror("trixie", "http://recipe.example.org/debian")] };

        Assert.Multiple(async () =>
        {
            Assert.That(
                await ResolveAsync(recipe, "http://mine.example.org/debian/,http://mine.example.org/security", Site),
                Is.EqualTo(new[] { "http://mine.example.org/debian trixie", "http://mine.example.org/security trixie-security" }));
            Assert.That(
                await ResolveAsync(recipe, null, Site),
                Is.EqualTo(new[] { "http://recipe.example.org/debian trixie", "http://site.example.org/security trixie-security" }));
            Assert.That(
                await ResolveAsync(Trixie, null, Site),
                Is.EqualTo(new[] { "http://site.example.org/debian trixie", "http://site.example.org/debian trixie-updates", "http://site.example.org/security trixie-security" }));
        });
    }

    [Test]
    public async Task I_can_name_one_mirror_on_the_command_line_and_get_security_updates_from_where_they_came()
        => Assert.That(
            await ResolveAsync(Trixie, "http://mine.example.org/debian", Site),
            Is.EqualTo(new[] { "http://mine.example.org/debian trixie", "http://mine.example.org/debian trixie-updates", "http://site.example.org/security trixie-security" }));

    [Test]
    public async Task I_get_just_the_archives_that_my_recipe_wants()
        => Assert.That(
            await ResolveAsync(Trixie with { Archives = ["trixie", "trixie-security", "trixie-backports"] }, null, Site),
            Is.EqualTo(new[] { "http://site.example.org/debian trixie", "http://site.example.org/security trixie-security", "http://site.example.org/debian trixie-backports" }));

    [Test]
    public async Task I_get_no_updates_for_a_suite_that_has_none()
        => Assert.That(await ResolveAsync(BaseLayerHelp.Recipe("sid"), "file:///srv/debian"), Is.EqualTo(new[] { "file:///srv/debian sid" }));

    [Test]
    public async Task I_get_the_security_suite_under_its_old_name()
        => Assert.That(
            await ResolveAsync(BaseLayerHelp.Recipe("etch"), "file:///srv/debian,file:///srv/security"),
            Is.EqualTo(new[] { "file:///srv/debian etch", "file:///srv/security etch/updates" }));

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
    public void I_get_the_first_mirror_of_the_list_that_my_apt_takes_them_from()
    {
        using var temp = new TempDirectory();
        var list = temp.Write("debian.list", "# of this site\n\nhttp://far.example.org/debian\tpriority:2\nhttp://index.example.org/debian type:index\nhttp://near.example.org/debian/\tpriority:1 arch:amd64\n");

        var host = HostArchive.Parse([$"mirror+file:{list}/|trixie|Debian|Debian", $"mirror+file://{list}|trixie-security|Debian|Debian-Security"]);

        Assert.That(host, Is.EqualTo(new HostArchive(new Uri("http://near.example.org/debian"), new Uri("http://near.example.org/debian"))));
        Assert.That(HostArchive.Parse(["mirror+file:/nowhere/debian.list/|trixie|Debian|Debian"]), Is.EqualTo(new HostArchive(null, null)));
    }

    [Test]
    public async Task I_get_the_bootstrappers_default_on_a_host_whose_apt_knows_no_Debian()
    {
        using var temp = new TempDirectory();

        var host = await HostArchive.DefaultOfBootstrapperAsync("trixie", BaseLayerHelp.Context(temp.Path).Context);

        Assert.That(host.Main?.AbsolutePath, Is.EqualTo("/debian"));
        Assert.That(host.Security?.AbsolutePath, Is.EqualTo("/debian-security"));
    }

    private static Mirror Mirror(string suite, string uri) => new(new Uri(uri), suite);

    private static async Task<IEnumerable<string>> ResolveAsync(Recipe recipe, string? option, DebianMirrors? site = null)
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        var named = option is null ? null : MirrorResolver.Parse(option);
        return (await MirrorResolver.ResolveAsync(recipe, named, site, context)).Select(s => $"{s.Uri} {s.Suite}");
    }
}
