using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.CommandLine;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Benchmarks;

/// <summary>
/// Where benchmarks run: a scratch directory in the store, a copy of the checkout that may be changed, and the commands
/// that a user would type there.
/// </summary>
internal sealed class BenchBed : IDisposable
{
    // What ./build.sh needs of a checkout.
    private static readonly ImmutableArray<string> Parts =
    [
        "build.sh", "Dom0Image.sln", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig",
        "build", "recipes", "overlays", "kernel-configs",
    ];

    private readonly BuildOptions _options;
    private readonly BuildLock _lock;

    private BenchBed(string scratch, BuildOptions options, StageContext context, BuildLock held)
    {
        Scratch = scratch;
        Context = context;
        _options = options;
        _lock = held;
    }

    /// <summary>The same bed for a stage of its own.</summary>
    public BenchBed With(StageContext context) => new(Scratch, _options, context, _lock);

    /// <summary>For what is made and thrown away.</summary>
    public string Scratch { get; }

    /// <summary>The copy of the checkout.</summary>
    public string Checkout => In("checkout");

    /// <summary>Where trial generations are published.</summary>
    public string Prefix => In("prefix");

    /// <summary>Tools and progress.</summary>
    public StageContext Context { get; }

    /// <summary>The recipe's name.</summary>
    public string RecipeName => _options.Recipe;

    /// <summary>Arguments that build and publish the recipe in the bed, from this run's own store.</summary>
    public string[] PublishArguments => PublishArgumentsOf(RecipeName);

    /// <summary>The same of another recipe.</summary>
    public string[] PublishArgumentsOf(string recipe) => [$"--recipe={recipe}", $"--store={Context.Store.Root}", $"--prefix={Prefix}"];

    /// <summary>Makes an empty bed; waits for another benchmark in the same store.</summary>
    public static async Task<BenchBed> MakeAsync(string repository, BuildOptions options, StageContext context)
    {
        var scratch = Path.Combine(context.Store.Root, "bench");
        var held = await BuildLock.AcquireAsync([scratch + ".lock"], wait: true, context.Progress, context.Cancellation).ConfigureAwait(false);
        SafeDelete.Tree(scratch);
        var bed = new BenchBed(scratch, options, context, held);
        Directory.CreateDirectory(bed.Checkout);
        await context.RunAsync(new ToolCommand("cp", (string[])["-a", "--reflink=auto", "--", .. Parts.Select(part => Path.Combine(repository, part)), bed.Checkout])).ConfigureAwait(false);
        return bed;
    }

    /// <summary>Tells what runs now, and how far a benchmark is.</summary>
    public void Tell(string activity, double fraction) => Context.Progress.Report(activity, fraction);

    /// <summary>A path in the scratch directory.</summary>
    public string In(string name) => Path.Combine(Scratch, name);

    /// <summary>Reads and checks a recipe of the copy, with this run's site and mirror.</summary>
    public Task<BuildPlan> PlanAsync(string recipe) => BuildPlan.ReadAsync(Checkout, _options with { Recipe = recipe }, Context);

    /// <summary><c>./build.sh</c> of the copy, with this run's site and mirror.</summary>
    public ToolCommand BuildSh(params string[] arguments)
    {
        string[] mirror = _options.Mirror is { } named ? [$"--mirror={named}"] : [];
        return new ToolCommand("./build.sh", (string[])[.. arguments, $"--site={_options.Site}", "--boot-test=no", .. mirror]) { WorkingDirectory = Checkout };
    }

    /// <summary>Runs <see cref="BuildSh"/>.</summary>
    public Task<BuildRun> BuildAsync(params string[] arguments) => BuildRun.OfAsync(BuildSh(arguments), Context.Tools, Context.Cancellation);

    /// <summary>A command as the page shows it: no name of a mirror, and no path of this machine.</summary>
    public string Show(ToolCommand command, IEnumerable<ArchiveSource> sources) => Redact($"{command}", sources);

    /// <summary>The same for a text.</summary>
    public string Redact(string text, IEnumerable<ArchiveSource> sources)
        => sources.Select(s => s.Uri.AbsoluteUri.TrimEnd('/')).Distinct()
            .Aggregate(text, (all, uri) => all.Replace(uri, "MIRROR", StringComparison.Ordinal))
            .Replace(Scratch, "SCRATCH", StringComparison.Ordinal)
            .Replace(Context.Store.Root, "STORE", StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        SafeDelete.Tree(Scratch);
        _lock.Dispose();
    }
}
