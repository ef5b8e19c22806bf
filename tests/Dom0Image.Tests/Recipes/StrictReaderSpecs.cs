using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Recipes;

internal sealed class StrictReaderSpecs
{
    private TempDirectory _directory = null!;

    private static IEnumerable<TestCaseData> RecipeCases => BadRecipes.InRecipe.Select(c => new TestCaseData(c.Piece, c.Bad, c.Message).SetArgDisplayNames(c.Bad));

    private static IEnumerable<TestCaseData> SiteCases => BadRecipes.InSite.Select(c => new TestCaseData(c.Piece, c.Bad, c.Message).SetArgDisplayNames(c.Bad));

    [SetUp]
    public void MakeDirectory() => _directory = new TempDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [TestCaseSource(nameof(RecipeCases))]
    public void I_get_told_where_a_recipe_is_wrong_and_what_would_be_right(string piece, string bad, string message)
        => AssertOnlyProblem(Replace(BadRecipes.Recipe, piece, bad), message, RecipeReader.Read);

    [TestCaseSource(nameof(SiteCases))]
    public void I_get_told_where_a_site_is_wrong_and_what_would_be_right(string piece, string bad, string message)
        => AssertOnlyProblem(Replace(BadRecipes.Site, piece, bad), message, SiteReader.Read);

    [TestCase("", "1:1: the file is empty; expected a mapping of keys")]
    [TestCase("# nothing yet\n", "1:1: the file is empty; expected a mapping of keys")]
    [TestCase("- a\n", "1:1: the file is a list; expected a site as a mapping")]
    [TestCase("boot-server: 1\n  x: [1\n", "2:4: not YAML: ")]
    [TestCase("boot-server: \"1\n", "1:14: not YAML: ")]
    [TestCase("a:\n\t- b\n", "1:1: not YAML: ")]
    [TestCase("a: [b, c\nd: e\n", "1:4: not YAML: a bracket opens here and is not closed")]
    [TestCase("a:\n  b: { c: d,\ne: f\n", "2:6: not YAML: a bracket opens here and is not closed")]
    public void I_get_told_what_is_no_document(string text, string message) => AssertOnlyProblem(text, message, SiteReader.Read);

    [Test]
    public void I_get_told_of_brackets_without_end() => AssertOnlyProblem(new string('[', 100_000), "1:18: not YAML: nested more than 16 levels deep", SiteReader.Read);

    [Test]
    public void I_get_told_of_a_file_that_is_not_text()
    {
        var file = _directory.Write("x.yaml");
        File.WriteAllBytes(file, [0x61, 0x3a, 0x20, 0xff, 0x0a]);

        Assert.That(() => SiteReader.Read(file), Throws.TypeOf<BuildFailedException>().With.Message.EqualTo($"{file}:1:1: byte 3 is not UTF-8; expected a text file in UTF-8"));
    }

#pragma warning disable NUnit1027 // FsCheck makes the arguments
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void I_get_a_place_to_look_at_however_a_file_is_damaged(bool recipe, (int At, int Length)[] cuts, (int At, char Put)[] typos)
#pragma warning restore NUnit1027
    {
        var text = new StringBuilder(recipe ? BadRecipes.Recipe : BadRecipes.Site);
        foreach (var (at, length) in cuts)
        {
            var from = (int)((uint)at % text.Length);
            text.Remove(from, Math.Min((int)((uint)length % 8), text.Length - from - 1));
        }

        foreach (var (at, put) in typos)
        {
            text.Insert((int)((uint)at % text.Length), put);
        }

        using var directory = new TempDirectory();
        var file = directory.Write("x.yaml", text.ToString());
        try
        {
            _ = recipe ? (object)RecipeReader.Read(file) : SiteReader.Read(file);
        }
        catch (BuildFailedException failure)
        {
            Assert.That(failure.Diagnostics, Is.Not.Empty.And.All.Property(nameof(Diagnostic.Where)).Not.Null);
        }
    }

    [Test]
    public void I_get_anchors_aliases_merges_and_tags_refused()
    {
        var text = BadRecipes.Site
            .Replace("post01: {", "post01: &one {")
            .Replace("post02: { mac: 00-11-22-33-44-56, address: 192.168.0.102, profile: plain }", "post02: *one\n  post03: { <<: *one, address: 192.168.0.103 }")
            .Replace("menu-timeout: 2", "menu-timeout: !!int 2");

        Assert.That(Problems(text, SiteReader.Read), Is.EqualTo(new[]
        {
            "11:11: '&one' is a YAML anchor; expected plain keys and values. Write the value out where it is needed.",
            "12:11: '*one' is a YAML alias; expected the value itself, written out",
            "13:13: '<<' is no key of a host; expected one of mac, interface, profile, flavour, dom0-by-default. YAML's merge key is not taken: write the keys out.",
            "13:17: '*one' is a YAML alias; expected the value itself, written out",
            "16:15: 'tag:yaml.org,2002:int' is a YAML tag; expected plain keys and values",
        }));
    }

    [Test]
    public void I_get_everything_that_is_wrong_in_one_go()
    {
        var text = new StringBuilder(BadRecipes.Recipe)
            .Replace("suite: trixie", "siute: trixie")
            .Replace("[udev, python3]", "[udev, Python3, udev]")
            .Replace("size: 64M", "size: 64MB")
            .Replace("/tmp: { mode: 1777 }", "/lib: { mode: 0999, start: full }");

        Assert.That(Problems(text.ToString(), RecipeReader.Read).Select(m => m.Split(';')[0]), Is.EqualTo(new[]
        {
            "1:1: 'siute' is no key of a recipe",
            "7:18: 'Python3' is no package name",
            "7:27: 'udev' is in 'packages' twice",
            "14:9: '64MB' is no size",
            "16:5: the image cannot give up '/lib': /lib holds libraries and kernel modules that are read before the RAM tree stands",
            "16:19: '0999' is no octal mode",
            "16:32: 'full' is no start",
        }));
    }

    [Test]
    public void I_never_see_a_password_in_a_message()
    {
        var text = BadRecipes.Site.Replace("password: locked", "password: hush1\n  password-hash: hush2\n  empty-password: hush3") + "menu-password: hush4\nmenu-password-hash: hush5\n";

        Assert.That(Problems(text, SiteReader.Read), Has.Length.GreaterThan(4).And.None.Contains("hush"));
    }

    [Test]
    public void I_can_keep_hashes_in_files_outside_the_repository()
    {
        var hash = "$6$abcdefgh$" + new string('x', 86);
        _directory.Write("secrets/root", hash + "\n");
        var file = _directory.Write("sites/s.yaml", BadRecipes.Site.Replace("password: locked", "password-hash-file: ../secrets/root"));

        Assert.That(SiteReader.Read(file).RootLogin, Is.EqualTo(new RootLogin(CryptHash.Parse(hash), [], EmptyPasswordAllowed: false)));
    }

    [Test]
    public void I_get_told_when_a_hash_file_holds_a_plain_password_and_it_is_not_shown()
    {
        _directory.Write("root", "hush\n");
        var text = BadRecipes.Site.Replace("password: locked", "password-hash-file: root");

        Assert.That(Problems(text, SiteReader.Read), Is.EqualTo(new[]
        {
            "14:23: the value of 'root-login.password-hash-file: root' is no crypt(3) password hash; expected a crypt(3) password hash such as $6$SALT$HASH. Make one with 'openssl passwd -6' or 'mkpasswd --method=sha-512'; a plain password is never taken.",
        }));
    }

    private static string Replace(string text, string piece, string bad)
    {
        var at = text.IndexOf(piece, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), $"'{piece}' is not in the document");
        return text[..at] + bad + text[(at + piece.Length)..];
    }

    private void AssertOnlyProblem<T>(string text, string message, Func<string, T> read)
    {
        var problems = Problems(text, read);
        Assert.That(problems, Has.Length.EqualTo(1), string.Join('\n', problems));
        Assert.That(problems[0], Does.StartWith(message));
    }

    private string[] Problems<T>(string text, Func<string, T> read)
    {
        var file = _directory.Write("x.yaml", text);
        try
        {
            read(file);
            return [];
        }
        catch (BuildFailedException failure)
        {
            return [.. failure.Diagnostics.Select(d => d.ToString().Replace(file + ":", ""))];
        }
    }
}
