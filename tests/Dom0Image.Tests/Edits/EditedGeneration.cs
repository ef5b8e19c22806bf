using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.CommandLine;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;
using Dom0Image.Tests.BootLab;
using Dom0Image.Tests.Hosting;
using Dom0Image.Tests.Pipeline;

namespace Dom0Image.Tests.Edits;

/// <summary>A generation of the shipped recipe, of the real suite and without kernels, published below a prefix, for the command to edit.</summary>
internal sealed class EditedGeneration : IDisposable
{
    private readonly TempDirectory _temp = new();

    private EditedGeneration() => Store = Environment.GetEnvironmentVariable(BuiltGeneration.StoreVariable) ?? _temp["store"];

    public string Store { get; }

    public string Prefix => _temp["prefix"];

    public Places Places => new(Prefix);

    public LayerStore Layers => new(Places, "trixie");

    public GenerationTree Tree { get; private set; } = null!;

    /// <summary>Processes that see something mounted below the prefix.</summary>
    public IEnumerable<string> Holders => Directory.GetDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0])).Where(Sees);

    public static async Task<EditedGeneration> MakeAsync()
    {
        var made = new EditedGeneration();
        var (context, _) = BaseLayerHelp.Context(made._temp.Path);
        context = context with { Store = new BuildStore(made.Store) };
        var repository = RepositoryRoot.Find();
        var file = RecipeFiles.Recipe(repository, "trixie");
        var recipe = RecipeReader.Read(file);
        var site = SiteReader.Read(RecipeFiles.Site(repository, "example"));
        var plan = new BuildPlan(recipe, site, Planned.Kernels(recipe, site), await MirrorResolver.ResolveAsync(recipe, null, site.Mirror, context), repository) { Accounts = AccountIds.Read(RecipeFiles.Accounts(repository)), RecipeText = File.ReadAllText(file) };
        using var held = await BuildLock.AcquireAsync([context.Store.LockFile], wait: true, context.Progress, CancellationToken.None);
        var baseLayer = await BaseLayerStage.MakeAsync(recipe, plan.Sources, await ArchiveState.ReadAsync(plan.Sources, context), context);
        var key = StageKey.For("edited", 1).Build();
        using var staged = new GenerationAssembler(made.Places).Begin(GenerationAssembler.IdOf("trixie", key));
        await new RootComposition(plan, new Materials(baseLayer, [], null), await baseLayer.PlanAccountsAsync(plan.Accounts, context)).ComposeAsync(staged.RootDirectory, context);
        staged.Seal(new GenerationParts { RecipeName = "trixie", Key = key, PackageListFile = baseLayer.PackageList, Kernels = [] });
        made.Tree = staged.Finish();
        Durable.SwapLink(made.Places.OnDisk(Places.CurrentRoot), $"generations/{made.Tree.Id}/root");
        return made;
    }

    /// <summary>The words of the command for this generation.</summary>
    public string[] Words(params string[] options) => [$"--prefix={Prefix}", $"--store={Store}", .. options];

    /// <summary>Runs the command to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options) => TheCommand.Run(Words(options));

    public void Dispose() => _temp.Dispose();

    private bool Sees(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/mountinfo").Contains(Prefix, StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
