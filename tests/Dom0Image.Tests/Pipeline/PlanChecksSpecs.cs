using Dom0Image.Diagnostics;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Tests.Recipes;

namespace Dom0Image.Tests.Pipeline;

internal sealed class PlanChecksSpecs
{
    [Test]
    public void I_hear_in_the_plan_what_the_generator_of_boot_files_would_refuse()
    {
        using var directory = new TempDirectory();
        var recipe = RecipeReader.Read(directory.Write("r.yaml", BadRecipes.Recipe));
        var site = SiteReader.Read(directory.Write("s.yaml", BadRecipes.Site));
        var kernels = Planned.Kernels(recipe, site);

        Assert.That(() => PlanChecks.Check(recipe, site, kernels), Throws.Nothing);
        Assert.That(() => PlanChecks.Check(recipe with { Name = "a b" }, site, kernels), Throws.TypeOf<BuildFailedException>().With.Message.Contains("cannot stand in a menu"));
    }

    [Test]
    public void I_hear_in_the_plan_that_the_boot_test_cannot_be_and_what_to_do()
    {
        using var directory = new TempDirectory();
        var recipe = RecipeReader.Read(directory.Write("r.yaml", BadRecipes.Recipe.Replace("nic/intel", "efi, nic/intel")));
        var text = BadRecipes.Site
            .Replace("192.168.0.0/24", "192.168.0.0/29")
            .Replace("    range: 192.168.0.200-192.168.0.250\n", "")
            .Replace("default-profile: dom0\n", "")
            .Replace("192.168.0.101", "192.168.0.2").Replace("192.168.0.102", "192.168.0.3");
        var site = SiteReader.Read(directory.Write("s.yaml", text));
        var kernels = Planned.Kernels(recipe, site);

        Assert.That(() => PlanChecks.CheckBootTest(recipe, site, kernels, clients: 2), Throws.Nothing);
        Assert.That(
            () => PlanChecks.CheckBootTest(recipe, site, kernels, clients: 4),
            Throws.TypeOf<BuildFailedException>().With.Message.StartsWith($"{directory["s.yaml"]}:1:1: the boot test has no room for 4 clients and a daily server in 192.168.0.0/29;")
                .And.Message.EndsWith("--clients=3 asks for less; --boot-test=no leaves the boot test out."));
    }
}
