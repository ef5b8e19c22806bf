using Dom0Image.Diagnostics;
using Dom0Image.Kernels;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Kernels;

internal sealed class FragmentSpecs
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("dom0image-fragments-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void I_can_write_every_kind_of_value_with_comments_that_say_why()
    {
        Write("base", "# why\n\nCONFIG_SMP=y\nCONFIG_NR_CPUS=64\nCONFIG_PHYSICAL_START=0x1000000\nCONFIG_CMDLINE=\"a \\\"b\\\" c\"\n# CONFIG_MODULES is not set\nCONFIG_8139CP=y\n");

        var options = FragmentSet.Read(Flavour("base"), _directory).Options;

        Assert.That(options.Select(option => option.ToString()), Is.EqualTo(new[]
        {
            "CONFIG_8139CP=y", "CONFIG_CMDLINE=\"a \\\"b\\\" c\"", "CONFIG_MODULES=n", "CONFIG_NR_CPUS=64", "CONFIG_PHYSICAL_START=0x1000000", "CONFIG_SMP=y",
        }));
        Assert.That(options[0].Where, Is.EqualTo(new SourceLocation(Path.Combine(_directory, "base.config"), 8)));
    }

    [Test]
    public void I_am_told_of_every_unreadable_line_with_its_place()
    {
        Write("base", "CONFIG_SMP=yes\nSMP=y\nCONFIG_NET = y\nCONFIG_UNIX=y\nCONFIG_UNIX=y\nCONFIG_LOCALVERSION=\"-mine\"\n");

        var problems = Assert.Throws<BuildFailedException>(() => FragmentSet.Read(Flavour("base"), _directory))!.Diagnostics;

        Assert.That(problems.Select(problem => (problem.Where!.Line, problem.Where.Column)), Is.EqualTo(new[] { (1, 12), (2, 1), (3, 11), (5, 1), (6, 1) }));
        Assert.That(problems[0].What, Does.Contain("CONFIG_SMP=yes"));
    }

    [Test]
    public void I_am_told_when_two_fragments_contradict_each_other_and_when_one_is_misspelt()
    {
        Write("base", "CONFIG_TUN=y\nCONFIG_NET=y\n");
        Write("nic/realtek", "CONFIG_NET=y\nCONFIG_TUN=n\n");

        var problems = Assert.Throws<BuildFailedException>(() => FragmentSet.Read(Flavour("base", "nic/realtek", "nic/reltek", "../base"), _directory))!.Diagnostics;

        Assert.That(problems, Has.Count.EqualTo(3));
        Assert.That(problems[0].ToString(), Does.Contain("realtek.config:2:1").And.Contain("base.config:1:1").And.Contain("CONFIG_TUN=n contradicts CONFIG_TUN=y"));
        Assert.That(problems[1].Hint, Is.EqualTo("Did you mean 'nic/realtek'?"));
        Assert.That(problems[2].What, Does.Contain("'../base'"));
    }

    [Test]
    public void I_am_told_once_what_is_wrong_with_fragments_of_several_kernels()
    {
        Write("base", "SMP=y\n");
        Write("mine", "NET=y\n");

        var problems = Assert.Throws<BuildFailedException>(() => FragmentSet.ReadAll([Flavour("base"), Flavour("base", "mine")], _directory))!.Diagnostics;

        Assert.That(problems.Select(problem => Path.GetFileName(problem.Where!.File)), Is.EqualTo(new[] { "base.config", "mine.config" }));
    }

    [TestCase("trixie")]
    [TestCase("bookworm")]
    public void I_can_boot_clients_with_the_fragments_of_the_shipped_recipes(string name)
    {
        var recipe = RecipeReader.Read(Path.Combine(Repository(), "recipes", $"{name}.yaml"));

        var options = FragmentSet.Read(recipe.Kernels[0], Path.Combine(Repository(), "kernel-configs")).Options;

        Assert.That(KernelRequirements.Check(string.Join('\n', options), new KernelUse(UnderXen: true, Alone: true)), Is.Empty);
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dom0Image.sln")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }

    private static KernelFlavour Flavour(params string[] fragments) => new("small", "linux-source-6.12", [.. fragments]);

    private void Write(string name, string text)
    {
        var file = Fragment.FileOf(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
