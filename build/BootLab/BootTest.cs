using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Report;
using Dom0Image.BootLab.Servers;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.BootLab;

/// <summary>Boots a generation the way a lab boots it, before anyone depends on it.</summary>
internal static class BootTest
{
    /// <summary>The serial line that the lab's clients talk on.</summary>
    internal static SerialLine Serial { get; } = new(0, 115200);

    /// <summary>Runs the scenarios, side by side where there is room. What a client did wrong is in the result, not thrown.</summary>
    /// <param name="plan">What is booted, and how.</param>
    /// <param name="context">Tools, store and progress.</param>
    /// <param name="changes">Done to the lab before its clients boot; null for nothing.</param>
    /// <exception cref="Diagnostics.BuildFailedException">The lab itself cannot run here: a tool is missing, a server refuses its file.</exception>
    public static async Task<BootTestResult> RunAsync(BootTestPlan plan, StageContext context, LabChanges? changes = null)
    {
        changes ??= LabChanges.None;
        Directory.CreateDirectory(plan.ReportDirectory);
        var acceleration = await AccelerationProbe.FindAsync(context.Tools, context.Cancellation).ConfigureAwait(false);
        var loaders = await GrubImages.MakeAsync(context, Serial).ConfigureAwait(false);
        var work = Path.Combine(context.Store.Work, $"boot-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            context.Progress.Report($"copying the root of {plan.Generation.Id} for the boot test");
            await using var storage = await LabStorage.MakeAsync(Path.Combine(work, "storage"), plan.Site, context).ConfigureAwait(false);
            changes.Root(await LabImage.CopyAsync(plan.Generation, storage.Generations, context).ConfigureAwait(false));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
            using var room = new ClientRoom(plan.ClientsAtOnce ?? LabRequirements.ClientsAtOnce());
            var ended = 0;
            void Tell(string activity) => context.Progress.Report(activity, (double)Volatile.Read(ref ended) / plan.Scenarios.Length);
            async Task<ScenarioOutcome> RunOneAsync(BootScenario scenario)
            {
                Tell($"booting {plan.Generation.Id}: {scenario.Name} ({acceleration.Name()})");
                try
                {
                    var outcome = await RunAsync(plan, new ScenarioRun(plan, changes, scenario, storage, loaders, acceleration, Tell, context with { Cancellation = stop.Token }), scenario.Name, work).ConfigureAwait(false);
                    Interlocked.Increment(ref ended);
                    return outcome;
                }
                catch (Exception problem) when (problem is not OperationCanceledException)
                {
                    // The lab itself cannot run here: nor can it for the others.
                    await stop.CancelAsync().ConfigureAwait(false);
                    throw;
                }
            }

            var outcomes = await Task.WhenAll(plan.Scenarios.Select(s => room.RunAsync(s.Clients, () => RunOneAsync(s), stop.Token))).ConfigureAwait(false);
            var result = new BootTestResult(plan.Generation.Id, BootTestKey.Of(plan), acceleration, [.. outcomes]) { MayFail = plan.Recipe.MayFail, Proved = plan.Proved };
            BootReportFiles.Write(plan.ReportDirectory, BootReport.Of(result));
            return result;
        }
        finally
        {
            SafeDelete.Tree(work);
        }
    }

    private static async Task<ScenarioOutcome> RunAsync(BootTestPlan plan, ScenarioRun run, string name, string work)
    {
        var directory = Path.Combine(work, name);
        Directory.CreateDirectory(directory);
        try
        {
            return await run.RunAsync(directory).ConfigureAwait(false);
        }
        finally
        {
            KeepLogs(Path.Combine(directory, "logs"), Path.Combine(plan.ReportDirectory, name));
        }
    }

    /// <summary>Copies logs to where they are kept.</summary>
    internal static void KeepLogs(string logs, string kept)
    {
        if (!Directory.Exists(logs))
        {
            return;
        }

        Directory.CreateDirectory(kept);
        foreach (var log in Directory.EnumerateFiles(logs))
        {
            File.Copy(log, Path.Combine(kept, Path.GetFileName(log)), overwrite: true);
        }
    }
}
