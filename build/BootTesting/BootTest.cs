using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting.Report;
using Dom0Image.Store;

namespace Dom0Image.BootTesting;

/// <summary>Boots a generation the way a lab boots it, before anyone depends on it.</summary>
internal static class BootTest
{
    /// <summary>Runs the scenarios, side by side where there is room. What a client did wrong is in the result, not thrown.</summary>
    /// <param name="plan">What is booted, and how.</param>
    /// <param name="context">Tools, store and progress.</param>
    /// <param name="changes">Done to the lab before its clients boot; null for nothing.</param>
    /// <exception cref="Diagnostics.BuildFailedException">The lab itself cannot run here: a tool is missing, a server refuses its file.</exception>
    public static async Task<BootTestResult> RunAsync(BootTestPlan plan, StageContext context, LabChanges? changes = null)
    {
        changes ??= LabChanges.None;
        Directory.CreateDirectory(plan.ReportDirectory);
        // Before anything is made: packages of this machine's that are upgraded meanwhile are no part of what is booted.
        var keys = BootTestKey.Of(plan);
        context.Progress.Report($"copying the root of {plan.Generation.Id} for the boot test");
        await using var image = await LabImage.MakeAsync(plan, "boot-test", context).ConfigureAwait(false);
        changes.Root(image.Root);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        using var room = new ClientRoom(plan.ClientsAtOnce ?? LabRequirements.ClientsAtOnce());
        var ended = 0;
        void Tell(string activity) => context.Progress.Report(activity, (double)Volatile.Read(ref ended) / plan.Scenarios.Length);
        async Task<ScenarioOutcome> RunOneAsync(BootScenario scenario)
        {
            Tell($"booting {plan.Generation.Id}: {scenario.Name} ({image.Acceleration.Name()})");
            try
            {
                var outcome = await BootAsync(scenario).ConfigureAwait(false);
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

        async Task<ScenarioOutcome> BootAsync(BootScenario scenario)
        {
            await using var lab = await image.BringUpAsync(scenario, Path.Combine(plan.ReportDirectory, scenario.Name), changes, stop.Token).ConfigureAwait(false);
            return await new ScenarioRun(plan, scenario, image, lab, Tell, stop.Token).RunAsync().ConfigureAwait(false);
        }

        var outcomes = await Task.WhenAll(plan.Scenarios.Select(s => room.RunAsync(s.Clients, () => RunOneAsync(s), stop.Token))).ConfigureAwait(false);
        var result = new BootTestResult(plan.Generation.Id, keys, image.Acceleration, [.. outcomes]) { MayFail = plan.Recipe.MayFail, Proved = plan.Proved };
        BootReportFiles.Write(plan.ReportDirectory, BootReport.Of(result));
        return result;
    }
}
