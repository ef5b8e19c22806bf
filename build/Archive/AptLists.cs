using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>The signed package lists of some suites, in a state of apt of their own, fetched once for each state of the archives.</summary>
/// <param name="sources">The suites.</param>
/// <param name="architecture">Debian architecture, such as <c>amd64</c>.</param>
/// <param name="context">Store, tools, progress, cancellation.</param>
/// <param name="state">What the suites hold now, when that was asked already: lists that fit it are not fetched again.</param>
internal sealed class AptLists(IReadOnlyList<ArchiveSource> sources, string architecture, StageContext context, ArchiveState? state)
{
    private readonly Lock _lock = new();
    private Task<string>? _configuration;

    /// <summary>Where apt keeps them.</summary>
    public string Home { get; } = context.Store.AptState(
        StageKey.For("apt", 1).Add("sources", AptState.Sources(sources)).Add("architecture", architecture).Build());

    /// <summary>Whether what was fetched is what the suites hold now.</summary>
    public bool AreCurrent => state is not null && File.Exists(FetchedAt) && File.ReadAllText(FetchedAt) == state.Digest;

    /// <summary>Whether suites that cannot be had are passed over.</summary>
    public bool Lenient { get; init; }

    private string FetchedAt => Path.Combine(Home, "fetched-at");

    private string Notes => Path.Combine(Home, "shown");

    /// <summary>What a command says that reads the lists.</summary>
    public async Task<ToolResult> AskAsync(string program, params string[] arguments)
        => await context.RunAsync(await CommandAsync(program, arguments).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>A command of apt's that reads the lists.</summary>
    /// <exception cref="BuildFailedException">The archives cannot be reached or trusted.</exception>
    public async Task<ToolCommand> CommandAsync(string program, params string[] arguments)
        => Command(await RefreshedAsync().ConfigureAwait(false), program, arguments);

    /// <summary>What was noted of a question, which apt may take most of a second for: true as long as the suites hold the same.</summary>
    public string? Noted(StageKey question) => state is not null && File.Exists(Note(question)) ? File.ReadAllText(Note(question)) : null;

    /// <summary>Notes the answer.</summary>
    public void Note(StageKey question, string answer)
    {
        if (state is not null)
        {
            Directory.CreateDirectory(Notes);
            Durable.ReplaceFile(Note(question), Encoding.UTF8.GetBytes(answer), PublicModes.File);
        }
    }

    private string Note(StageKey question)
        => Path.Combine(Notes, StageKey.For("shown", 1).Add("state", state?.Digest ?? "").Add("question", question.Value).Build().Short);

    // Once for a run: two would write into one state directory.
    private Task<string> RefreshedAsync()
    {
        lock (_lock)
        {
            return _configuration ??= RefreshAsync();
        }
    }

    private async Task<string> RefreshAsync()
    {
        foreach (var source in sources.Where(source => !File.Exists(source.Keyring)))
        {
            throw new BuildFailedException(new Diagnostic($"the keyring '{source.Keyring}' of suite '{source.Suite}' is not there"));
        }

        var configuration = AptState.Write(Home, sources, architecture, await AptConfig.OfHostAsync(context).ConfigureAwait(false));
        if (AreCurrent)
        {
            return configuration;
        }

        if (state?.Problem is { } problem)
        {
            throw new BuildFailedException(problem);
        }

        context.Progress.Report("reading the package lists");
        File.Delete(FetchedAt);
        SafeDelete.Tree(Notes);
        await context.RunAsync(Command(configuration, "apt-get", "update") with
        {
            SuccessCodes = Lenient ? [0, 100] : [0],
            Hint = "Are the mirror, its suite and the keyring right, and is the mirror reachable from here?",
        }).ConfigureAwait(false);
        await File.WriteAllTextAsync(FetchedAt, state?.Digest, context.Cancellation).ConfigureAwait(false);
        return configuration;
    }

    private static ToolCommand Command(string configuration, string program, params string[] arguments)
        => new ToolCommand(program, arguments).WithEnvironment("APT_CONFIG", configuration).WithEnvironment("LC_ALL", "C.UTF-8");
}
