using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.CommandLine;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs;
using Dom0Image.Stages;
using Dom0Image.Xen;

namespace Dom0Image.Tests.BootLab;

/// <summary>
/// A generation of the default recipe for the example site, built once for all tests that boot one: from the real suite,
/// with its own kernel and hypervisor.
/// </summary>
internal sealed class BuiltGeneration
{
    // Someone who works on the boot test can keep what was built: a kernel takes minutes.
    private const string StoreVariable = "DOM0IMAGE_TEST_STORE";

    private static readonly Lazy<Task<BuiltGeneration>> Built = new(BuildAsync);
    private static readonly Lazy<TempDirectory> Place = new();

    private readonly PackageFetcher _fetcher;
    private readonly Site _site;
    private readonly string _kernelConfigs;
    private readonly GenerationBoot _boot;
    private readonly GenerationTree _tree;

    private BuiltGeneration(Recipe recipe, Site site, PackageFetcher fetcher, string kernelConfigs, GenerationTree tree, GenerationBoot boot, StageContext context)
    {
        Recipe = recipe;
        Context = context;
        _site = site;
        _fetcher = fetcher;
        _kernelConfigs = kernelConfigs;
        _tree = tree;
        _boot = boot;
    }

    public Recipe Recipe { get; }

    public StageContext Context { get; }

    // Made with the generation, and not where it is only asked whether there is one.
    private static TempDirectory Temp => Place.Value;

    public static Task<BuiltGeneration> GetAsync() => Built.Value;

    /// <summary>Deletes it, if there is one.</summary>
    public static void Delete()
    {
        if (Place.IsValueCreated)
        {
            Temp.Dispose();
        }
    }

    public BootTestPlan Plan(ImmutableArray<BootScenario> scenarios, string report) => new()
    {
        Site = _site,
        Recipe = Recipe,
        Generation = _tree,
        Boot = _boot,
        Scenarios = scenarios,
        ReportDirectory = report,
    };

    /// <summary>The recipe's kernel without one option of one fragment. Of the same name, so that its tree is used again and little is compiled.</summary>
    public async Task<KernelBuild> KernelWithoutAsync(string option, string fragment)
    {
        using var temp = new TempDirectory();
        var configs = temp["kernel-configs"];
        await Context.RunAsync(new ToolCommand("cp", "-a", "--", _kernelConfigs, configs));
        var file = Path.Combine(configs, $"{fragment}.config");
        var lines = File.ReadAllLines(file);
        Assert.That(lines, Does.Contain($"{option}=y"));
        File.WriteAllLines(file, lines.Where(l => l != $"{option}=y"));
        return await KernelStage.MakeAsync(Recipe, Recipe.Kernels[0], _fetcher, Context, configs);
    }

    private static async Task<BuiltGeneration> BuildAsync()
    {
        var store = new Store(Environment.GetEnvironmentVariable(StoreVariable) ?? Temp["store"]);
        var context = new StageContext(store, new ToolRunner(Temp["tools.log"]), new QuietProgress(), CancellationToken.None);
        var repository = RepositoryRoot.Find();
        var recipe = RecipeReader.Read(Path.Combine(repository, "recipes", "trixie.yaml"));
        var site = SiteReader.Read(Path.Combine(repository, "recipes", "sites", "example.yaml"));
        var kernelConfigs = Path.Combine(repository, "kernel-configs");
        var sources = await MirrorResolver.ResolveAsync(recipe, null, context);
        // Asked once, as a build does: its store then knows what the archives held, for whoever takes it to where there are none.
        var state = await ArchiveState.ReadAsync(sources, context);
        var fetcher = new PackageFetcher(sources, recipe.Architecture, context, state);
        var baseLayer = BaseLayerStage.MakeAsync(recipe, sources, state, context);
        var hypervisor = await HypervisorStage.MakeAsync(recipe.Hypervisor!, fetcher, context);
        var kernel = await KernelStage.MakeAsync(recipe, recipe.Kernels[0], fetcher, context, kernelConfigs);

        var key = StageKey.For("boot-tested", 1).Add("base layer", (await baseLayer).Output.Key.Value).Add("kernel", kernel.Output.Key.Value).Build();
        using var staged = new GenerationAssembler(new Places(Temp["prefix"])).Begin(GenerationAssembler.IdOf(recipe.Name, key));
        await ComposeAsync(staged.RootDirectory, recipe, site, await baseLayer, repository, context);
        staged.Seal(new GenerationParts
        {
            RecipeName = recipe.Name,
            Key = key,
            PackageListFile = (await baseLayer).PackageList,
            Kernels = [new KernelFile(kernel.FileName, kernel.Image, kernel.SystemMap, kernel.Config)],
            Hypervisor = new HypervisorFile(hypervisor.FileName, hypervisor.File),
        });
        var boot = new GenerationBoot(staged.Id, [new BootKernel(kernel.Flavour.Name, kernel.FileName)], hypervisor.FileName);
        return new BuiltGeneration(recipe, site, fetcher, kernelConfigs, staged.Finish(), boot, context);
    }

    private static async Task ComposeAsync(string root, Recipe recipe, Site site, BaseLayer baseLayer, string repository, StageContext context)
    {
        await baseLayer.UnpackAsync(root, context);
        foreach (var overlay in recipe.Overlays)
        {
            OverlayLayer.Apply(Path.Combine(repository, "overlays", overlay), root, TemplateValues.From(recipe, site));
        }

        SecretRemoval.Apply(root, recipe, site);
        FlashRelocation.Relocate(root, recipe.Flash);
        await RamTreeInit.InstallAsync(context, root, recipe);
        RamTreeArchive.Write(root, recipe.Flash);
    }

    private sealed class QuietProgress : IStageProgress
    {
        public void Report(string activity, double? fraction = null)
        {
        }

        public void Note(string message)
        {
        }

        public void Warn(string message) => TestContext.Progress.WriteLine(message);
    }
}
