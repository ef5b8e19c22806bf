using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.CommandLine;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
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
        var repository = RepositoryRoot.Find();
        var recipe = RecipeReader.Read(RecipeFiles.Recipe(repository, name));
        var site = SiteReader.Read(RecipeFiles.Site(repository, "example"));
        var plan = new BuildPlan(recipe, site, await MirrorResolver.ResolveAsync(recipe, null, site.Mirror, context), repository)
        {
            Accounts = AccountIds.Read(RecipeFiles.Accounts(repository)),
        };

        var baseLayer = await BaseLayerStage.MakeAsync(recipe, plan.Sources, context);
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
