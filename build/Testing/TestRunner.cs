using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Testing;

/// <summary>Builds and runs this project's tests with <c>dotnet test</c>.</summary>
/// <param name="project">The tests' project file.</param>
/// <param name="results">Directory for result files.</param>
/// <param name="isolated">Whether tests run in a mount namespace of their own; needs root.</param>
internal sealed class TestRunner(string project, string results, bool isolated)
{
    /// <summary>Longer than the longest test; what takes more is ended and counts as failed.</summary>
    // The SDK that this was started with.
    private static readonly string Dotnet = ToolPath.ChosenByCaller("dotnet");

    private const string HangTimeout = "60m";

    private const string Configuration = "Release";

    /// <summary>The runner of this project's own tests; results go to <c>TestResults</c>.</summary>
    /// <param name="repository">The checkout.</param>
    public static TestRunner Of(string repository) => new(
        Path.Combine(repository, "tests", "Dom0Image.Tests", "Dom0Image.Tests.csproj"),
        Path.Combine(repository, "TestResults"),
        isolated: Environment.IsPrivilegedProcess);

    /// <summary>Builds the tests, with all analyzers.</summary>
    /// <exception cref="ToolFailedException">They do not compile.</exception>
    public Task<ToolResult> BuildAsync(StageContext stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        stage.Progress.Report("compiling");

        // Build servers would outlive us, with our pipe in their hands.
        return stage.RunAsync(new ToolCommand(
            Dotnet, "build", project, "-c", Configuration, "-p:Analyze=true", "-v", "quiet", "--disable-build-servers", "-nodeReuse:false", "-p:UseSharedCompilation=false"));
    }

    /// <summary>Runs a group of tests, which were built. A run that breaks off counts as a failure.</summary>
    public async Task<TestTally> RunAsync(StageContext stage, TestGroup group)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(group);
        var file = Path.Combine(results, $"{group.Name}.trx");
        Directory.CreateDirectory(results);
        File.Delete(file);
        var last = new Queue<string>();
        var lines = new TestLines(stage.Progress);
        var ended = await stage.RunAsync(Command(group, file), line =>
        {
            lines.Take(line);
            Keep(last, line);
        }).ConfigureAwait(false);

        var tally = TrxFile.Read(file);
        if (ended.ExitCode != 0 && (tally is null || tally.Failures.IsEmpty))
        {
            tally = (tally ?? TestTally.None).Plus(new TestFailure(
                $"the run of the {group.Name} tests",
                $"broke off with exit code {ended.ExitCode}; its last lines:\n{string.Join('\n', Snapshot(last))}",
                ""));
        }

        return tally ?? TestTally.None;
    }

    private static void Keep(Queue<string> last, string line)
    {
        lock (last)
        {
            last.Enqueue(line);
            if (last.Count > 20)
            {
                last.Dequeue();
            }
        }
    }

    private static string[] Snapshot(Queue<string> last)
    {
        lock (last)
        {
            return [.. last];
        }
    }

    private ToolCommand Command(TestGroup group, string file)
    {
        ImmutableArray<string> arguments =
        [
            "test", project, "-c", Configuration, "--no-build",
            "--filter", group.Filter,
            "--logger", $"trx;LogFileName={Path.GetFileName(file)}", "--results-directory", results,
            "--logger", "console;verbosity=normal",
            "--blame", "--blame-hang", "--blame-hang-timeout", HangTimeout, "--blame-hang-dump-type", "none",
        ];
        return new ToolCommand(Dotnet, arguments) { Isolation = isolated ? Isolation.Mounts : null, SuccessCodes = [.. Enumerable.Range(0, 256)] };
    }
}
