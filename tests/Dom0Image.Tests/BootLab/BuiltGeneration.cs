using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootTesting;
using Dom0Image.CommandLine;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Microcode;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.Overlays;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Store;
using Dom0Image.Xen;

namespace Dom0Image.Tests.BootLab;

/// <summary>
/// A generation of a shipped recipe for the example site, built once for all tests that boot one: from the real suite, with its own
/// kernel and hypervisor.
/// </summary>
internal sealed class BuiltGeneration
{
    // Someone who works on the boot test can keep what was built: a kernel takes minutes.
    internal const string StoreVariable = "DOM0IMAGE_TEST_STORE";

    /// <summary>Whether the tests were brought a store, in which a kernel may stand, or the tree that one was compiled in.</summary>
    public static bool StoreWasBrought => Environment.GetEnvironmentVariable(StoreVariable) is not null;

    private static readonly ConcurrentDictionary<string, Lazy<Task<BuiltGeneration>>> Built = new();

    // One tree for all kernels of a name.
    private static readonly SemaphoreSlim KernelTree = new(1);
    private static readonly Lazy<TempDirectory> Place = new();

    private readonly PackageFetcher _fetcher;
    private readonly Site _site;
    private readonly string _kernelConfigs;
    private readonly GenerationBoot _boot;
    private readonly GenerationTree _tree;
    private readonly CompileWatch _watch;
    private readonly Lazy<Task<BuiltKernel>> _withoutRootNfs;

    private BuiltGeneration(Recipe recipe, Site site, PackageFetcher fetcher, string kernelConfigs, BuiltKernel kernel, GenerationTree tree, GenerationBoot boot, StageContext context, CompileWatch watch)
    {
        Recipe = recipe;
        Kernel = kernel;
        Context = context;
        _watch = watch;
        _withoutRootNfs = new(() => KernelWithAsync("nfs-root", lines => lines.Where(l => l != "CONFIG_ROOT_NFS=y")));
        _site = site;
        _fetcher = fetcher;
        _kernelConfigs = kernelConfigs;
        _tree = tree;
        _boot = boot;
    }

    public Recipe Recipe { get; }

    /// <summary>The first of its kernels, and how it was made.</summary>
    public BuiltKernel Kernel { get; }

    public StageContext Context { get; }

    // Made with the generation, and not where it is only asked whether there is one.
    private static TempDirectory Temp => Place.Value;

    /// <summary>Gives one.</summary>
    /// <param name="recipe">Name of a shipped recipe; the default one's kernel is compiled, the others' is the same.</param>
    public static Task<BuiltGeneration> GetAsync(string recipe = "trixie")
        => Built.GetOrAdd(recipe, name => new Lazy<Task<BuiltGeneration>>(() => OfAsync(RecipeOf(name)))).Value;

    /// <summary>A recipe of this checkout.</summary>
    public static string RecipeOf(string name) => Path.Combine(RepositoryRoot.Find(), "recipes", $"{name}.yaml");

    /// <summary>Builds a recipe for the example site.</summary>
    public static async Task<BuiltGeneration> OfAsync(string recipeFile)
    {
        var watch = new CompileWatch();
        var store = new BuildStore(Environment.GetEnvironmentVariable(StoreVariable) ?? Temp["store"]);
        var context = new StageContext(store, new ToolRunner(Temp["tools.log"]), watch, CancellationToken.None);
        var repository = RepositoryRoot.Find();
        var recipe = RecipeReader.Read(recipeFile);
        var site = SiteReader.Read(Path.Combine(repository, "recipes", "sites", "example.yaml"));
        var kernelConfigs = Path.Combine(repository, "kernel-configs");
        var sources = await MirrorResolver.ResolveAsync(recipe, null, null, context);
        // Asked once, as a build does: its store then knows what the archives held, for whoever takes it to where there are none.
        var state = await ArchiveState.ReadAsync(sources, context);
        var fetcher = new PackageFetcher(sources, recipe.Architecture, context, state);
        var baseLayer = BaseLayerStage.MakeAsync(recipe, sources, state, context);
        var hypervisor = await HypervisorStage.MakeAsync(recipe.Hypervisor!, fetcher, context);
        var microcode = recipe.Microcode.IsEmpty ? null : await MicrocodeStage.MakeAsync(recipe.Microcode, fetcher, context);
        var built = await InKernelTreeAsync(() => watch.InterruptedAsync(context, inner => KernelStage.MakeAsync(recipe, recipe.Kernels[0], fetcher, inner, kernelConfigs)));
        var kernel = built.Kernel;

        var key = StageKey.For("boot-tested", 1).Add("base layer", (await baseLayer).Output.Key.Value).Add("kernel", kernel.Output.Key.Value).Add("recipe", File.ReadAllText(recipeFile)).Build();
        using var staged = new GenerationAssembler(new Places(Temp["prefix"])).Begin(GenerationAssembler.IdOf(recipe.Name, key));
        await ComposeAsync(staged.RootDirectory, recipe, site, await baseLayer, repository, context);
        staged.Seal(new GenerationParts
        {
            RecipeName = recipe.Name,
            Key = key,
            PackageListFile = (await baseLayer).PackageList,
            Kernels = [new KernelFile(kernel.FileName, kernel.Image, kernel.SystemMap, kernel.Config)],
            Hypervisor = new HypervisorFile(hypervisor.FileName, hypervisor.File),
            MicrocodeArchive = microcode?.File,
        });
        var boot = new GenerationBoot(staged.Id, [new BootKernel(kernel.Flavour.Name, kernel.FileName)], hypervisor.FileName) { HasMicrocode = microcode is not null };
        return new BuiltGeneration(recipe, site, fetcher, kernelConfigs, built, staged.Finish(), boot, context, watch);
    }

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

    /// <summary>The recipe's kernel without <c>CONFIG_ROOT_NFS</c>, made once. Of the same name, so that its tree is used again and little is compiled.</summary>
    public Task<BuiltKernel> KernelWithoutRootNfsAsync() => _withoutRootNfs.Value;

    /// <summary>The recipe's kernel with a fragment that was changed.</summary>
    public async Task<BuiltKernel> KernelWithAsync(string fragment, Func<string[], IEnumerable<string>> change)
    {
        using var temp = new TempDirectory();
        var configs = temp["kernel-configs"];
        await Context.RunAsync(new ToolCommand("cp", "-a", "--", _kernelConfigs, configs));
        var file = Path.Combine(configs, $"{fragment}.config");
        File.WriteAllLines(file, change(File.ReadAllLines(file)));
        return await InKernelTreeAsync(() => _watch.FollowAsync(() => KernelStage.MakeAsync(Recipe, Recipe.Kernels[0], _fetcher, Context, configs)));
    }

    /// <summary>The kernel's own file, with its symbols, while nobody compiles.</summary>
    public Task<byte[]> KernelFileAsync()
        => InKernelTreeAsync(() => File.ReadAllBytesAsync(Path.Combine(Directory.GetDirectories(Context.Store.KernelTrees, "build-amd64-xen-generic-*").Single(), "vmlinux")));

    private static async Task<T> InKernelTreeAsync<T>(Func<Task<T>> use)
    {
        await KernelTree.WaitAsync();
        try
        {
            return await use();
        }
        finally
        {
            KernelTree.Release();
        }
    }

    private static async Task ComposeAsync(string root, Recipe recipe, Site site, BaseLayerArchive baseLayer, string repository, StageContext context)
    {
        await baseLayer.UnpackAsync(root, context);
        foreach (var overlay in recipe.Overlays)
        {
            OverlayLayer.Apply(Path.Combine(repository, "overlays", overlay), root, TemplateValues.From(recipe, site));
        }

        BlockScript.Apply(root);
        SecretRemoval.Apply(root, recipe, site);
        FlashRelocation.Relocate(root, recipe.Flash);
        await RamTreeInit.InstallAsync(context, root, recipe);
        RamTreeArchive.Write(root, recipe.Flash);
    }
}
