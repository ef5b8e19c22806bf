using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.CommandLine;

internal sealed class OptionParserSpecs
{
    [Test]
    public void I_get_the_defaults_without_options()
    {
        var options = Parse();

        Assert.That(options, Is.EqualTo(new BuildOptions { Recipe = "trixie", Site = "example", Prefix = "", Store = "/var/cache/dom0image", BootTest = null, Clients = 3 }));
    }

    [Test]
    public void I_can_put_everything_below_a_prefix()
    {
        var options = Parse(("prefix", "trial/"));

        Assert.That(options.Prefix, Is.EqualTo(Path.Combine(Environment.CurrentDirectory, "trial")));
        Assert.That(options.Store, Is.EqualTo(options.Prefix + "/var/cache/dom0image"));
    }

    [Test]
    public void I_can_name_the_root_as_prefix_and_mean_none()
        => Assert.That(Parse(("prefix", "/")), Is.EqualTo(Parse()));

    [Test]
    public void I_can_set_every_option()
    {
        var options = Parse(
            ("recipe", "etch"), ("site", "lab-2"), ("store", "/s//t/../u/"), ("mirror", "http://mirror.example.org/debian/,file:///srv/security"),
            ("boot-test", "no"), ("clients", "5"), ("generation", "trixie-0123456789ab"), ("filter", "Name~x"));

        Assert.That(options, Is.EqualTo(new BuildOptions
        {
            Recipe = "etch",
            Site = "lab-2",
            Store = "/s/u",
            Mirror = new DebianMirrors(new Uri("http://mirror.example.org/debian"), new Uri("file:///srv/security")),
            BootTest = BootTestExtent.None,
            Clients = 5,
            Generation = "trixie-0123456789ab",
            Filter = "Name~x",
        }));
    }

    [TestCase("20G", "generations=21474836480")]
    [TestCase("imgs=512M", "imgs=536870912")]
    [TestCase("generations=20G,imgs=1048576K", "generations=21474836480 imgs=1073741824")]
    public void I_can_say_what_grows_to_what(string value, string expected)
        => Assert.That(string.Join(' ', Parse(("grow", value)).Grow.Select(g => $"{g.Key}={g.Value}")), Is.EqualTo(expected));

    [TestCase("--now", null, true)]
    [TestCase("--now", "yes", false)]
    public void I_can_say_now_without_a_value(string option, string? value, bool accepted)
    {
        BuildOptions Parsed() => OptionParser.Parse([new(option[2..], value is null ? [] : [value])]);

        Assert.That(accepted ? Parsed().Now : Assert.Throws<BuildFailedException>(() => Parsed())!.Message.Contains("--now has a value, 'yes'; expected --now"));
    }

    [TestCase("grow", "root=20G")]
    [TestCase("grow", "20g")]
    [TestCase("grow", "G")]
    [TestCase("grow", "20G,generations=30G")]
    [TestCase("recipe", "../etch")]
    [TestCase("recipe", ".hidden")]
    [TestCase("generation", "a/b")]
    [TestCase("boot-test", "maybe")]
    [TestCase("clients", "-1")]
    [TestCase("clients", "many")]
    [TestCase("mirror", "mirror.example.org/debian")]
    [TestCase("mirror", "javascript:alert(1)")]
    [TestCase("mirror", "http://me:secret@mirror.example.org/debian")]
    [TestCase("mirror", "ftp://mirror.example.org/debian")]
    [TestCase("mirror", "http://a.example.org,")]
    [TestCase("mirror", "http://a.example.org,http://b.example.org,http://c.example.org")]
    [TestCase("store", "/")]
    [TestCase("prefix", "")]
    public void I_get_told_what_was_expected(string name, string value)
    {
        var problem = Assert.Throws<BuildFailedException>(() => Parse((name, value)))!.Diagnostics.Single();

        Assert.That(problem.What, Does.StartWith($"--{name}"));
        Assert.That(problem.Expected, Is.Not.Empty);
    }

    [Test]
    public void I_get_told_when_an_option_is_given_twice()
        => Assert.That(
            () => OptionParser.Parse([new("recipe", ["trixie", "etch"])]),
            Throws.TypeOf<BuildFailedException>().With.Message.Contains("--recipe is given 2 times"));

    [Test]
    public void I_can_give_an_option_that_has_no_value()
    {
        Assert.That(OptionParser.Parse([new("yes", [""])]).Yes, Is.True);
        Assert.That(() => Parse(("yes", "no")), Throws.TypeOf<BuildFailedException>().With.Message.EqualTo("--yes has a value, 'no'; expected --yes"));
    }

    [TestCase("recpie", "recipe")]
    [TestCase("boottest", "boot-test")]
    [TestCase("targt", "target")]
    [TestCase("Recipe", "recipe")]
    [TestCase("xyzzy", null)]
    public void I_get_the_nearest_name_for_a_typo_and_none_for_nonsense(string typo, string? meant)
    {
        var problem = Assert.Throws<BuildFailedException>(() => Parse((typo, "x")))!.Diagnostics.Single();

        Assert.That(problem.Hint, Is.EqualTo(meant is null ? "--help lists the options." : $"Did you mean --{meant}?"));
    }

    private static BuildOptions Parse(params (string Name, string Value)[] options)
        => OptionParser.Parse([new("target", ["Default"]), .. options.Select(o => new KeyValuePair<string, ICollection<string>>(o.Name, [o.Value]))]);
}
