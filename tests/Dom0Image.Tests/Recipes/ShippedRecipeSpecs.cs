using Dom0Image.Kernels;
using Dom0Image.Recipes;
using Dom0Image.Tests.Pipeline;

namespace Dom0Image.Tests.Recipes;

internal sealed class ShippedRecipeSpecs
{
    public static readonly string Recipes = Path.Combine(Repository(), "recipes");

    public static IEnumerable<string> RecipeFiles => Directory.EnumerateFiles(Recipes, "*.yaml").Select(f => Path.GetFileName(f)!);

    public static IEnumerable<string> SiteFiles => Directory.EnumerateFiles(Path.Combine(Recipes, "sites"), "*.yaml").Select(f => Path.GetFileName(f)!);

    [TestCaseSource(nameof(RecipeFiles))]
    public void I_can_read_every_recipe_that_is_shipped(string name)
    {
        var recipe = RecipeReader.Read(Path.Combine(Recipes, name));

        foreach (var overlay in recipe.Overlays)
        {
            Assert.That(Path.Combine(Repository(), "overlays", overlay), Does.Exist);
        }

        Assert.That(() => FragmentSet.ReadAll(recipe.Kernels, Path.Combine(Repository(), "kernel-configs")), Throws.Nothing);
    }

    [TestCaseSource(nameof(SiteFiles))]
    public void I_can_boot_the_default_recipe_at_every_site_that_is_shipped(string name)
    {
        var site = SiteReader.Read(Path.Combine(Recipes, "sites", name));
        var kernels = Planned.Kernels(RecipeReader.Read(Path.Combine(Recipes, "trixie.yaml")), site);

        Assert.That(kernels.Check, Throws.Nothing);
        Assert.That(kernels.Notes(), Is.Empty, "its hosts may start by UEFI");
    }

    [Test]
    public void I_get_the_same_kernels_and_writable_paths_with_either_init()
    {
        var sysvinit = RecipeReader.Read(Path.Combine(Recipes, "trixie.yaml"));
        var systemd = RecipeReader.Read(Path.Combine(Recipes, "trixie-systemd.yaml"));

        Assert.That((sysvinit.Init, systemd.Init), Is.EqualTo((InitSystem.Sysvinit, InitSystem.Systemd)));
        Assert.That(Parts(systemd), Is.EqualTo(Parts(sysvinit)));

        static IEnumerable<string> Parts(Recipe recipe) =>
        [
            .. recipe.Kernels.Select(kernel => $"{kernel.Name} {kernel.Source} {string.Join(' ', kernel.Fragments)}"),
            $"{recipe.Hypervisor!.Package} {string.Join(' ', recipe.Hypervisor.Tools)}",
            $"{recipe.Flash.SizeLimit}",
            .. recipe.Flash.Entries.Select(entry => $"{entry with { Where = null }}"),
        ];
    }

    [Test]
    public void I_get_completion_from_schemas_that_say_what_the_reader_takes()
    {
        foreach (var (name, text) in SchemaWriter.Schemas)
        {
            Assert.That(File.ReadAllText(Path.Combine(Recipes, "schemas", name)), Is.EqualTo(text), $"{name} is out of date: run ./build.sh --target=Schemas");
        }
    }

    [TestCaseSource(nameof(RecipeFiles))]
    public void I_get_a_schema_named_in_the_first_line_of_a_recipe(string name)
        => Assert.That(File.ReadLines(Path.Combine(Recipes, name)).First(), Is.EqualTo("# yaml-language-server: $schema=schemas/recipe.schema.json"));

    [TestCaseSource(nameof(SiteFiles))]
    public void I_get_a_schema_named_in_the_first_line_of_a_site(string name)
        => Assert.That(File.ReadLines(Path.Combine(Recipes, "sites", name)).First(), Is.EqualTo("# yaml-language-server: $schema=../schemas/site.schema.json"));

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dom0Image.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        }

        return directory.FullName;
    }
}
