using System.Text.Json;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Testing;

/// <summary>
/// Has Stryker change the program in many small places, and the fast tests look at each. A changed program may mount, kill and delete what it
/// likes: it runs with mounts and processes of its own, in which everything of the machine's that is no memory is read-only and the checkout is
/// an overlay that ends with the run.
/// </summary>
/// <param name="repository">The checkout.</param>
internal sealed class MutationRunner(string repository)
{
    private const string Version = "5.1.0";

    private static readonly string[] Unchanged = ["string"];

    private static readonly string[] Reporters = ["json", "progress"];

    private static readonly string Dotnet = ToolPath.ChosenByCaller("dotnet");

    /// <summary>Runs one room.</summary>
    /// <param name="stage">The edges.</param>
    /// <param name="room">The room.</param>
    /// <exception cref="BuildFailedException">Stryker made no report: the tests fail without any change, or it found nothing to change.</exception>
    public async Task<MutationTally> RunAsync(StageContext stage, MutationRoom room)
    {
        var tools = Path.Combine(stage.Store.Root, "tools", $"stryker-{Version}");
        var results = Path.Combine(repository, "TestResults", "mutation", room.Name);
        if (Directory.Exists(results))
        {
            Directory.Delete(results, recursive: true);
        }

        Directory.CreateDirectory(results);
        await stage.RunAsync(new ToolCommand(Dotnet, "tool", "update", "dotnet-stryker", "--version", Version, "--tool-path", tools)).ConfigureAwait(false);
        var settings = Path.Combine(results, "stryker-config.json");
        await File.WriteAllTextAsync(settings, Settings(room), stage.Cancellation).ConfigureAwait(false);
        await stage.RunAsync(
            IsolatedScript.Command(EmbeddedText.Of("Testing/mutation.sh"), repository, results, Path.Combine(tools, "dotnet-stryker")),
            line => stage.Progress.Report(line.Trim())).ConfigureAwait(false);
        var report = Path.Combine(results, "reports", "mutation-report.json");
        var tally = File.Exists(report) ? MutationTally.Read(await File.ReadAllTextAsync(report, stage.Cancellation).ConfigureAwait(false)) : new MutationTally(0, 0, 0, []);
        return tally.Count > 0 ? tally : throw new BuildFailedException(new Diagnostic($"mutation of {room.Name}: nothing was changed") { Hint = $"See '{results}'; does build/Testing/MutationRoom.cs name a folder that there is?" });
    }

    /// <summary>What Stryker is told.</summary>
    internal static string Settings(MutationRoom room) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["stryker-config"] = new Dictionary<string, object>
        {
            ["project"] = "Build.csproj",
            ["configuration"] = "Release",
            ["mutate"] = room.Folders.Select(folder => $"{folder}/**/*.cs"),
            ["ignore-mutations"] = Unchanged,
            ["test-case-filter"] = TestGroup.FastFilter,
            ["concurrency"] = Environment.ProcessorCount,
            // Milliseconds: on a busy machine a test that is slow is no mutant that was noticed.
            ["additional-timeout"] = 30_000,
            ["reporters"] = Reporters,
            ["thresholds"] = new Dictionary<string, int> { ["break"] = 0 },
        },
    });
}
