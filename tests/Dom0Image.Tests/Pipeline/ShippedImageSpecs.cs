using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.CommandLine;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;
using Dom0Image.Verification;
using Dom0Image.Xen;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The recipes beside the default one, which the boot tests build anyway: real suites and hypervisors, without a kernel and a boot.</summary>
[Category("Integration")]
internal sealed class ShippedImageSpecs
{
    [TestCase("bookworm", "xen-utils-4.17", "sysvinit-core")]
    [TestCase("trixie-systemd", "xen-utils-4.20", "systemd-sysv")]
    public async Task A_shipped_recipe_gives_a_root_with_nothing_to_find_in_it(string name, string xen, string init)
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        var plan = await PlanAsync(name, context);
        var (recipe, site, repository) = (plan.Recipe, plan.Site, plan.Repository);
        var baseLayer = await BaseLayerStage.MakeAsync(recipe, plan.Sources, await ArchiveState.ReadAsync(plan.Sources, context), context);
        var hypervisor = await HypervisorStage.MakeAsync(recipe.Hypervisor!, new PackageFetcher(plan.Sources, recipe.Architecture, context), context);
        var root = temp.Make("root");
        var accounts = await baseLayer.PlanAccountsAsync(plan.Accounts, context);
        await new RootComposition(plan, new Materials(baseLayer, [], hypervisor), accounts).ComposeAsync(root, context);

        Assert.That(ImageVerification.Verify(new CheckedImage(root, recipe, site, [context.Store.Root, temp.Path, repository])), Is.Empty);
        Assert.That(accounts.Proposed, Is.Empty, "each of its accounts has a line in recipes/accounts");
        Assert.That(accounts.IsEmpty, Is.False, "its packages take others than the default recipe's");
        Assert.That(new AccountComparison(plan.Accounts).Check(root), Is.Empty);
        var masked = recipe.Overlays.SelectMany(overlay => Masked(Path.Combine(repository, "overlays", overlay))).ToList();
        Assert.That(masked.Where(name => !File.Exists($"{root}/usr/lib/systemd/{name}")), Is.Empty, "what is masked is there");
        Assert.That(recipe.Overlays.SelectMany(overlay => Changed(Path.Combine(repository, "overlays", overlay))).Where(name => !File.Exists($"{root}/usr/lib/systemd/{name}")), Is.Empty, "so is what is changed");
        Assert.That(masked, recipe.Init == InitSystem.Systemd ? Has.Count.GreaterThan(10) : Is.Empty);
        Assert.That(File.ReadLines(baseLayer.PackageList), Has.Some.StartsWith($"{xen} ").And.Some.StartsWith($"{init} "));
        Assert.That(File.Exists($"{root}/usr/lib/{xen.Replace("-utils", "")}/bin/xl"), Is.True, "the tools are those of the hypervisor");
        Assert.That(File.ReadLines($"{root}/etc/xen/scripts/block"), Has.One.Contain("$(/usr/lib/dom0image/attach-image $roflag \"$loopdev\" \"$file\" 2>&1)"));
    }

    // Units and generators of systemd that an overlay takes out.
    [Test]
    public async Task I_get_the_same_image_on_another_day_of_the_archive_when_no_package_changed()
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        var plan = await PlanAsync("trixie-systemd", context);
        var today = await ArchiveState.ReadAsync(plan.Sources, context);
        var images = new List<Manifest>();
        foreach (var state in new[] { today, today with { Digest = "of the day before", Date = today.Date.AddDays(-1) } })
        {
            var baseLayer = await BaseLayerStage.MakeAsync(plan.Recipe, plan.Sources, state, context);
            var root = temp.Make($"root-{images.Count}");
            await new RootComposition(plan, new Materials(baseLayer, [], null), await baseLayer.PlanAccountsAsync(plan.Accounts, context)).ComposeAsync(root, context);
            images.Add(ManifestReader.Read(root));
        }

        Assert.That(ManifestComparison.Compare(images[0], images[1]), Is.Empty);
    }

    private static async Task<BuildPlan> PlanAsync(string name, StageContext context)
    {
        var repository = RepositoryRoot.Find();
        var file = RecipeFiles.Recipe(repository, name);
        var recipe = RecipeReader.Read(file);
        var site = SiteReader.Read(RecipeFiles.Site(repository, "example"));
        return new BuildPlan(recipe, site, Planned.Kernels(recipe, site), await MirrorResolver.ResolveAsync(recipe, null, site.Mirror, context), repository) { Accounts = AccountIds.Read(RecipeFiles.Accounts(repository)), RecipeText = File.ReadAllText(file) };
    }

    private static IEnumerable<string> Masked(string overlay)
        => from kind in new[] { "system", "system-generators" }
           let directory = new DirectoryInfo($"{overlay}/etc/systemd/{kind}")
           where directory.Exists
           from file in directory.GetFiles()
           where file.LinkTarget == "/dev/null"
           select $"{kind}/{file.Name}";

    // Units of which an overlay changes a part.
    private static IEnumerable<string> Changed(string overlay)
        => from directory in new[] { new DirectoryInfo($"{overlay}/etc/systemd/system") }
           where directory.Exists
           from part in directory.GetDirectories("*.d")
           select $"system/{Path.GetFileNameWithoutExtension(part.Name)}";
}
