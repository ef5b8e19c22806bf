using System.Net;
using System.Net.NetworkInformation;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Recipes;

internal sealed class RecipeReaderSpecs
{
    private TempDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TempDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public void I_can_read_what_a_recipe_says()
    {
        var recipe = Recipe(BadRecipes.Recipe);

        Assert.Multiple(() =>
        {
            Assert.That(recipe.Name, Is.EqualTo("r"));
            Assert.That(recipe.Suite, Is.EqualTo("trixie"));
            Assert.That(recipe.Keyring, Is.EqualTo(_directory["keys/archive.gpg"]));
            Assert.That(recipe.Packages, Is.EqualTo(new[] { "udev", "python3" }));
            Assert.That(recipe.Mirrors, Is.Empty);
            Assert.That(recipe.Hypervisor!.Package, Is.EqualTo("xen-hypervisor-4.20-amd64"));
            Assert.That(recipe.Kernels.Single().Fragments, Is.EqualTo(new[] { "base", "xen-dom0", "nic/intel" }));
            Assert.That(recipe.Flash.SizeLimit, Is.EqualTo(64 << 20));
            Assert.That(recipe.Flash.Entries[4], Is.EqualTo(new FlashEntry("/etc/mtab", FlashKind.Symlink, 0, "root", "root", FlashStart.Empty)
            {
                Target = "/proc/mounts",
                Where = new SourceLocation(_directory["r.yaml"], 20, 5),
            }));
        });
    }

    [TestCase("trixie", "non-free-firmware")]
    [TestCase("bullseye", "non-free")]
    public void I_can_ask_for_microcode_and_its_component_comes_with_it(string suite, string component)
    {
        var text = BadRecipes.Recipe.Replace("suite: trixie", $"suite: {suite}");
        var recipe = Recipe(text.Replace("without: [docs]", "microcode: [intel, amd]"));

        Assert.That(recipe.Microcode, Is.EqualTo(new[] { CpuVendor.Intel, CpuVendor.Amd }));
        Assert.That(recipe.Components, Is.EqualTo(new[] { "main", component }));
        Assert.That(recipe.PackagePlaces["amd64-microcode"], Is.EqualTo(new SourceLocation(_directory["r.yaml"], 8, 20)));
        Assert.That(Recipe(text.Replace("components: [main]", $"components: [{component}]").Replace("without: [docs]", "microcode: [amd]")).Components, Is.EqualTo(new[] { component }), "once");
        Assert.That(Recipe(text), Has.Property("Microcode").Empty.And.Property("Components").EqualTo(new[] { "main" }));
    }

    [Test]
    public void I_can_say_which_services_may_fail_and_why()
    {
        var recipe = Recipe(BadRecipes.Recipe.Replace("without: [docs]", "without: [docs]\nmay-fail:\n  smartmontools: no disk here"));

        Assert.That(recipe.MayFail, Is.EqualTo(new[] { new MayFail("smartmontools", "no disk here", new SourceLocation(_directory["r.yaml"], 10, 3)) }));
    }

    [TestCase("0755", 0b111_101_101)]
    [TestCase("755", 0b111_101_101)]
    [TestCase("\"0755\"", 0b111_101_101)]
    [TestCase("'1777'", 0b001_111_111_111)]
    public void I_can_write_a_mode_with_and_without_quotes(string written, int mode)
        => Assert.That(Recipe(BadRecipes.Recipe.Replace("mode: 1777", $"mode: {written}")).Flash.Entries[0].Mode, Is.EqualTo(mode));

    // What Debian's packages, adduser, useradd and Samba make.
    [TestCase("Debian-snmp")]
    [TestCase("Debian-exim")]
    [TestCase("_apt")]
    [TestCase("systemd-network")]
    [TestCase("first.last")]
    [TestCase("PC01$")]
    [TestCase("x")]
    public void I_can_give_a_path_to_any_account_that_an_image_can_have(string name)
        => Assert.That(Recipe(BadRecipes.Recipe.Replace("group: utmp", $"owner: {name}, group: {name}")).Flash.Entries, Has.Some.Matches<FlashEntry>(e => e.Owner == name && e.Group == name));

    [TestCase("00:11:22:33:44:55")]
    [TestCase("00-11-22-33-44-55")]
    [TestCase("\"00:11:22:33:44:55\"")]
    public void I_can_write_a_MAC_address_with_and_without_quotes(string written)
        => Assert.That(Site(BadRecipes.Site.Replace("00:11:22:33:44:55", written)).Hosts[0].Mac, Is.EqualTo(PhysicalAddress.Parse("00-11-22-33-44-55")));

    // What YAML 1.1 takes for numbers to the base of 60, octal numbers, dates, infinity.
    [TestCase("mac: 00:11:22:33:44:55", "mac: 10:11:12:13:14:15")]
    [TestCase("menu-timeout: 2", "menu-timeout: 20")]
    [TestCase("title: Xen", "title: 2026-11-23")]
    [TestCase("title: Xen", "title: 0o17")]
    [TestCase("kernel-options: [noapic]", "kernel-options: [1.0, 0x10]")]
    public void I_can_write_values_that_YAML_would_guess_to_be_something_else(string piece, string other)
        => Assert.That(() => Site(BadRecipes.Site.Replace(piece, other)), Throws.Nothing);

    [Test]
    public void I_get_parents_before_children_however_the_list_is_ordered()
    {
        var recipe = Recipe(BadRecipes.Recipe
            .Replace("/tmp: { mode: 1777 }", "/srv/a/b/c: {}\n    /srv/a/b: {}")
            .Replace("/etc/mtab: { kind: symlink, target: /proc/mounts }", "/srv/a: {}\n    /srv/ab: {}"));

        Assert.Multiple(() =>
        {
            Assert.That(recipe.Flash.Entries.Select(e => e.Path), Is.EqualTo(new[] { "/var/log", "/var/log/wtmp", "/etc/ssh", "/srv/a", "/srv/a/b", "/srv/a/b/c", "/srv/ab" }));
            Assert.That(recipe.Flash.Moved.Select(e => e.Path), Is.EqualTo(new[] { "/var/log", "/etc/ssh", "/srv/a", "/srv/ab" }));
            Assert.That(recipe.Flash.ParentOf(recipe.Flash.Entries[5])!.Path, Is.EqualTo("/srv/a/b"));
        });
    }

    [Test]
    public void I_can_name_a_mirror_for_each_archive_suite()
    {
        var recipe = Recipe(BadRecipes.Recipe + """
            archives: [trixie, trixie-security]
            mirrors:
              - { uri: "http://mirror.example.org/debian", suites: [trixie] }
              - { uri: "file:/srv/security", suites: [trixie-security] }

            """);

        Assert.That(recipe.Mirrors, Is.EqualTo(new[] { new Mirror(new Uri("http://mirror.example.org/debian"), "trixie"), new Mirror(new Uri("file:///srv/security"), "trixie-security") }));
    }

    [Test]
    public void I_can_read_what_a_site_says()
    {
        var site = Site(BadRecipes.Site);

        Assert.Multiple(() =>
        {
            Assert.That(site.BootServer, Is.EqualTo(IPAddress.Parse("192.168.0.5")));
            Assert.That(site.Subnets.Single().Network, Is.EqualTo(IPNetwork.Parse("192.168.0.0/24")));
            Assert.That(site.Profiles[1], Has.Property(nameof(BootProfile.Serial)).EqualTo("0,115200").And.Property(nameof(BootProfile.Xen)).False);
            Assert.That(site.Hosts[1].Where, Is.EqualTo(new SourceLocation(_directory["s.yaml"], 12, 3)));
            Assert.That(site.RootLogin, Is.EqualTo(new RootLogin(null, [], EmptyPasswordAllowed: false)));
        });
    }

    [Test]
    public void I_can_boot_with_every_serial_console_that_a_site_may_name()
    {
        foreach (var (port, speed) in from port in SerialSettings.Ports from speed in SerialSettings.Speeds select (port, speed))
        {
            var profile = Site(BadRecipes.Site.Replace("port: 0", $"port: {port}, speed: {speed}")).Profiles[1];

            Assert.That(SerialLine.Parse(profile.Serial!), Is.EqualTo(new SerialLine(port, speed)));
        }
    }

    [TestCase("my site")]
    [TestCase("ä")]
    public void I_am_told_of_a_file_whose_name_no_menu_can_hold(string name)
    {
        var recipe = _directory.Write($"{name}.yaml", BadRecipes.Recipe);
        var site = _directory.Write($"sites/{name}.yaml", BadRecipes.Site);

        Assert.That(() => RecipeReader.Read(recipe), Throws.TypeOf<BuildFailedException>().With.Message.EqualTo($"{recipe}:1:1: '{name}' is no name that can stand in menus; expected a file named by letters, digits and . _ + -"));
        Assert.That(() => SiteReader.Read(site), Throws.TypeOf<BuildFailedException>().With.Message.StartWith($"{site}:1:1: "));
    }

    private Recipe Recipe(string text) => RecipeReader.Read(_directory.Write("r.yaml", text));

    private Site Site(string text) => SiteReader.Read(_directory.Write("s.yaml", text));
}
