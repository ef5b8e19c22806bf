using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Menus;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Recipes.Model;
using Dom0Image.Tests.Recipes;
using Dom0Image.Tests.RootFs;
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
        string[] options = ["module.p=1,2", "a~b", "memmap=64K%x", "_x-y@z", "ip=::/:+"];

        var set = Sites.Files(Sites.OneServer() with { Profiles = [Sites.Dom0 with { KernelOptions = Sites.Options(options) }, Sites.Plain] });
        await BootFileCheck.CheckAsync(set, workshop.Context);

        // GRUB's words are a shell's here; printf gives them one on a line.
        var line = Sites.Menu(set, "dom0.conf").Split('\n').Single(l => l.Contains("module2")).Trim()["if module2 ".Length..^"; then".Length];
        var words = await workshop.Context.RunAsync(new ToolCommand("sh", "-c", $"printf '%s\\n' {line}"));
        Assert.That(words.Lines.TakeLast(options.Length), Is.EqualTo(options));
    }

    [TestCase("title: Xen", "title: \"x\\n}\\nreboot\"", TestName = "title with a line end")]
    [TestCase("[noapic]", "[\"quiet init=/bin/sh\"]", TestName = "option with a space")]
    [TestCase("[noapic]", "[noapic], xen-options: [\"a='b\"]", TestName = "option with a quote")]
    [TestCase("[noapic]", "[\"a\\nreboot\"]", TestName = "option with a line end")]
    [TestCase("[noapic]", "[nfsroot=10.0.0.1:/x]", TestName = "option that moves the root")]
    [TestCase("[noapic]", "[rw]", TestName = "option that makes the root writable")]
    [TestCase("\"512M,max:512M\"", "512M reboot", TestName = "memory")]
    [TestCase("{ port: 0 }", "\"0,115200; reboot\"", TestName = "serial line")]
    [TestCase("dom0: {", "../../etc/x: {", TestName = "profile with a path")]
    [TestCase("post01:", "../x:", TestName = "host with a path")]
    [TestCase("post01:", "\"a\\\" } group { #\":", TestName = "host that ends its block")]
    [TestCase("post02:", "post01:", TestName = "twins")]
    [TestCase("    range:", "    domain: \"x\\\"; include \\\"/etc/shadow\"\n    range:", TestName = "domain")]
    [TestCase("boot-server: 192.168.0.5", "boot-server: 2001:db8::5", TestName = "IPv6")]
    [TestCase("menu-timeout: 2", "menu-password-hash: secret", TestName = "plain password")]
    [TestCase("menu-timeout: 2", "menu-password-hash: \"HASH\\nunset superusers\"", TestName = "password with a second line")]
    [TestCase("menu-timeout: 2", "daily: { server: 192.168.0.9, title: x, kernel: \"/k '\" }", TestName = "day's kernel")]
    [TestCase("menu-timeout: 2", "daily: { server: 192.168.0.9, title: x, kernel: /k, kernel-options: ['a \"b\"'] }", TestName = "day's options")]
    public void I_am_told_where_a_site_says_what_a_boot_file_cannot_hold(string piece, string hostile)
    {
        using var directory = new TempDirectory();
        var text = BadRecipes.Site.Replace(piece, hostile.Replace("HASH", $"{Sites.Hash}"));
        var file = directory.Write("site.yaml", text);

        Assert.That(text, Is.Not.EqualTo(BadRecipes.Site));
        Assert.That(() => SiteReader.Read(file), Throws.TypeOf<BuildFailedException>().With.Message.Contains($"{file}:"));
    }

    // What a site's values are in menus, dhcpd.conf, exports and units: bare words, names of files, or parts of both.
    private static IEnumerable<TestCaseData> Words()
    {
        static TestCaseData Word<T>(string name, ScalarShape<T> shape, string right) => new TestCaseData((Func<string, bool>)shape.Fits, right).SetArgDisplayNames(name);
        yield return Word("site or profile", Scalars.Name, "dom0-noapic");
        yield return Word("host", Scalars.HostName, "post01");
        yield return Word("domain", Scalars.Domain, "lab.example.org");
        yield return Word("interface", Scalars.Interface, "eth0");
        yield return Word("file of the daily server", Scalars.TftpPath, "/kernel/ltsp");
        yield return Word("option", BootOption.Any, "a=b");
        yield return Word("option of a profile", BootOption.OfProfile, "a=b");
        yield return Word("MAC", MacAddress.Shape, "52:54:00:12:34:56");
        yield return Word("menu's password", MenuPasswordHash.Shape, $"{Sites.Hash}");
        yield return Word("root's password", CryptHash.Shape, TestImage.PasswordHash);
        yield return Word("address", Scalars.Address, "192.168.0.5");
        yield return Word("network", Scalars.Network, "192.168.0.0/24");
    }

    [TestCaseSource(nameof(Words))]
    public void I_can_put_nothing_into_a_word_that_ends_it_whatever_reads_it(Func<string, bool> takes, string right)
    {
        Assert.That(takes(right));
        int[] places = [.. new[] { 0, 1, right.Length / 2, right.Length - 1, right.Length }.Distinct()];
        var harmless = new HashSet<char>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+,:=/@%~$");
        var taken = Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => !harmless.Contains(c) && places.Any(at => takes(right.Insert(at, $"{c}")) || takes(right.Insert(at, $"{c}x"))));

        Assert.That(taken.Select(c => $"U+{(int)c:X4}"), Is.Empty);
    }

    [Test]
    public void I_can_put_no_dollar_into_a_word_of_a_menu_and_no_colon_into_a_line_of_shadow()
    {
        Assert.That(Words().Where(word => ((Func<string, bool>)word.Arguments[0]!)($"{word.Arguments[1]}$")).Select(word => word.ArgDisplayNames![0]), Is.EqualTo(new[] { "root's password" }));
        Assert.That(CryptHash.Shape.Fits(TestImage.PasswordHash + ":"), Is.False);
    }

    [Test]
    public void I_can_put_no_line_end_and_no_quote_into_a_title()
        => Assert.That("\0\n\r\t\u0085\u2028'\"\\$`".Where(c => Scalars.Title.Fits($"Xen{c}dom0") || Scalars.Title.Fits($"Xen{c}")), Is.Empty);

    [Test]
    public void I_am_told_why_a_text_of_the_program_s_own_is_no_value()
    {
        Assert.That(() => BootOption.Parse("a b"), Throws.TypeOf<FormatException>().With.Message.StartWith("'a b' is no boot option; expected a boot option, one word without quotes,"));
        Assert.That(() => MacAddress.Parse("01:00:5e:00:00:01"), Throws.TypeOf<FormatException>().With.Message.Contains("multicast"));
        Assert.That(() => MenuPasswordHash.Parse("secret hush"), Throws.TypeOf<FormatException>().With.Message.Contains("no GRUB password hash").And.Message.Not.Contains("hush"));
        Assert.That(() => SerialLine.Of(0, 230400), Throws.ArgumentException);
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
