using System.Net;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Menus;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using FsCheck;
using FsCheck.Fluent;

namespace Dom0Image.Tests.Boot;

/// <summary>Nothing that a site says can become anything but a value in the files made of it.</summary>
internal sealed class HostileInputSpecs
{
    private const string Nasty = "ab '\"\\$`{}()[];|&<>#!*?~%=@é\u2028";

    [FsCheck.NUnit.Property]
    public Property I_get_any_title_back_from_GRUBs_quoting()
        => Prop.ForAll(
            Gen.Elements(Nasty.ToCharArray()).ArrayOf().Select(c => new string(c)).ToArbitrary(),
            text => Unquote(GrubText.Quote(text)) == text && Unquote(GrubText.Word(text)) == text);

    [Test]
    public async Task I_see_a_title_as_I_wrote_it_whatever_it_holds()
    {
        using var workshop = new Workshop();
        var title = "It's \"$root\" } \\ {`reboot`}; $(x) #";
        var set = Sites.Files(Sites.OneServer() with { Profiles = [Sites.Dom0 with { Title = title }, Sites.Plain] });

        await BootFileCheck.CheckAsync(set, workshop.Context);

        Assert.That(Sites.Menu(set, "dom0.conf"), Does.Contain($"menuentry {GrubText.Quote(title)} --id dom0"));
    }

    [Test]
    public async Task I_can_pass_options_with_signs_that_scripts_know()
    {
        using var workshop = new Workshop();
        string[] options = ["a=$x", "b={c}", "d;e", "f|g", "h#i", "(tftp)", "--", "module.p=1,2"];

        var set = Sites.Files(Sites.OneServer() with { Profiles = [Sites.Dom0 with { KernelOptions = [.. options] }, Sites.Plain] });
        await BootFileCheck.CheckAsync(set, workshop.Context);

        // GRUB's words are a shell's here; printf gives them one on a line.
        var line = Sites.Menu(set, "dom0.conf").Split('\n').Single(l => l.Contains("module2")).Trim()["if module2 ".Length..^"; then".Length];
        var words = await workshop.Context.RunAsync(new ToolCommand("sh", "-c", $"printf '%s\\n' {line}"));
        Assert.That(words.Lines.TakeLast(options.Length), Is.EqualTo(options));
    }

    private static IEnumerable<TestCaseData> HostileSites()
    {
        var site = Sites.OneServer();
        TestCaseData Case(string name, Site hostile) => new TestCaseData(hostile).SetArgDisplayNames(name);
        Site Profile(BootProfile profile) => site with { Profiles = [profile, Sites.Plain] };
        Site Host(BootHost host) => site with { Hosts = [host] };

        yield return Case("title with a line end", Profile(Sites.Dom0 with { Title = "x\n}\nreboot" }));
        yield return Case("option with a space", Profile(Sites.Dom0 with { KernelOptions = ["quiet init=/bin/sh"] }));
        yield return Case("option with a quote", Profile(Sites.Dom0 with { XenOptions = ["a='b"] }));
        yield return Case("option with a line end", Profile(Sites.Dom0 with { KernelOptions = ["a\nreboot"] }));
        yield return Case("option that moves the root", Profile(Sites.Dom0 with { KernelOptions = ["nfsroot=10.0.0.1:/x"] }));
        yield return Case("option that makes the root writable", Profile(Sites.Dom0 with { KernelOptions = ["rw"] }));
        yield return Case("memory", Profile(Sites.Dom0 with { Dom0Memory = "512M reboot" }));
        yield return Case("serial line", Profile(Sites.Dom0 with { Serial = "0,115200; reboot" }));
        yield return Case("profile with a path", site with { Profiles = [Sites.Dom0 with { Name = "../../etc/x" }, Sites.Dom0, Sites.Plain] });
        yield return Case("host with a path", Host(site.Hosts[0] with { Name = "../x" }));
        yield return Case("host that ends its block", Host(site.Hosts[0] with { Name = "a\" } group { #" }));
        yield return Case("host named as a profile", Host(site.Hosts[0] with { Name = "dom0" }));
        yield return Case("host named default", Host(site.Hosts[0] with { Name = "default" }));
        yield return Case("host with an unknown profile", Host(site.Hosts[0] with { Profile = "dom1" }));
        yield return Case("twins", site with { Hosts = [site.Hosts[0], site.Hosts[0]] });
        yield return Case("domain", site with { Subnets = [site.Subnets[0] with { Domain = "x\"; include \"/etc/shadow" }] });
        yield return Case("IPv6", site with { BootServer = IPAddress.Parse("2001:db8::5") });
        yield return Case("plain password", site with { MenuPasswordHash = "secret" });
        yield return Case("password with a second line", site with { MenuPasswordHash = Sites.Hash + "\nunset superusers" });
        yield return Case("day's kernel", site with { Daily = new DailyServer(IPAddress.Loopback, "x", "/k '", null, "") });
        yield return Case("day's options", site with { Daily = new DailyServer(IPAddress.Loopback, "x", "/k", null, "a \"b\"") });
        yield return Case("site name", site with { Name = "lab\n/ *(rw)" });
    }

    [TestCaseSource(nameof(HostileSites))]
    public void I_am_told_what_a_boot_file_cannot_hold(Site site)
        => Assert.That(() => Sites.Files(site), Throws.TypeOf<BuildFailedException>());

    [Test]
    public void I_am_told_everything_in_one_go()
    {
        var site = Sites.OneServer() with { MenuPasswordHash = "x", MenuTimeout = -1, DefaultProfile = "none" };

        var failure = Assert.Throws<BuildFailedException>(() => Sites.Files(site));

        Assert.That(failure!.Diagnostics, Has.Count.EqualTo(3));
    }

    [TestCase("../x")]
    [TestCase("a b")]
    [TestCase("a;reboot")]
    public void I_am_told_of_a_kernel_that_no_menu_can_name(string file)
        => Assert.That(
            () => BootFiles.Generate(Sites.OneServer(), Sites.Generation with { Kernels = [new BootKernel("k", file)] }),
            Throws.TypeOf<BuildFailedException>());

    // GRUB's lexer: in single quotes nothing is special; outside, a backslash takes the next character as it is.
    private static string Unquote(string word)
    {
        var text = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\'')
            {
                quoted = !quoted;
            }
            else
            {
                text.Append(!quoted && word[i] == '\\' ? word[++i] : word[i]);
            }
        }

        return text.ToString();
    }
}
