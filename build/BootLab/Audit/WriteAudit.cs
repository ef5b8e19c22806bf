using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab.Channel;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Report;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Servers;
using Dom0Image.BootLab.Steps;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.Store;

namespace Dom0Image.BootLab.Audit;

/// <summary>
/// Finds out what an image writes where it must not: boots it with its whole root writable in RAM, uses it, and looks at
/// what is in that RAM.
/// </summary>
internal static class WriteAudit
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ServicesLimit = TimeSpan.FromSeconds(300);

    /// <summary>Runs the audit.</summary>
    /// <param name="plan">What is booted; its first scenario says how, and whether a guest is started and stopped.</param>
    /// <param name="context">Tools, store and progress.</param>
    /// <param name="changes">Done to the root before the client boots; null for nothing.</param>
    /// <exception cref="BuildFailedException">The client did not boot, or could not tell what it wrote.</exception>
    public static async Task<AuditResult> RunAsync(BootTestPlan plan, StageContext context, LabChanges? changes = null)
    {
        Directory.CreateDirectory(plan.ReportDirectory);
        var acceleration = await AccelerationProbe.FindAsync(context.Tools, context.Cancellation).ConfigureAwait(false);
        var loaders = await GrubImages.MakeAsync(context, BootTest.Serial).ConfigureAwait(false);
        var work = Path.Combine(context.Store.Work, $"write-audit-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            context.Progress.Report($"booting {plan.Generation.Id} with all of its root writable ({acceleration.Name()})");
            await using var storage = await LabStorage.MakeAsync(Path.Combine(work, "storage"), plan.Site, context).ConfigureAwait(false);
            var root = await LabImage.CopyAsync(plan.Generation, storage.Generations, context).ConfigureAwait(false);
            var stages = await AuditPlants.InstallAsync(root, plan.Recipe.Init, context).ConfigureAwait(false);
            changes?.Root(root);
            return await RunAsync(plan, stages, storage, loaders, acceleration, work, context).ConfigureAwait(false);
        }
        finally
        {
            try
            {
                BootTest.KeepLogs(Path.Combine(work, "logs"), plan.ReportDirectory);
            }
            finally
            {
                SafeDelete.Tree(work);
            }
        }
    }

    private static async Task<AuditResult> RunAsync(BootTestPlan plan, ImmutableArray<AuditStage> stages, LabStorage storage, GrubImages loaders, Acceleration acceleration, string work, StageContext context)
    {
        var scenario = plan.Scenarios[0];
        var site = LabSite.For(plan.Site, scenario);
        var files = LabFiles.Write(work, site, plan.Generation, plan.Boot, loaders);
        AuditFiles.Add(files, site.Site.BootServer);
        var guest = scenario.DomU ? await LabGuest.PlaceAsync(plan.Generation, storage.Images, context).ConfigureAwait(false) : null;
        var setup = new LabSetup(work, files.Configuration, storage, files.Mounts, site.Addresses, 1);
        await using var lab = await Lab.StartAsync(setup, context.Tools, acceleration, context.Cancellation).ConfigureAwait(false);
        await using var client = await lab.SwitchOnAsync(site.Hosts[0].Name, 0, site.Hosts[0].Mac, scenario.Hardware).ConfigureAwait(false);
        var slowness = plan.Patience * ScenarioRun.Busy();
        var course = await BootWatch.FollowAsync(client, BootStepSigns.For(scenario.Xen), slowness, step => context.Progress.Report($"{site.Hosts[0].Name} at {BootTable.Short(step)}"), context.Cancellation).ConfigureAwait(false);
        if (course.Failure is { } failure)
        {
            throw new BuildFailedException(new Diagnostic($"write audit: {failure}; its last lines:\n  {string.Join("\n  ", failure.LastLines)}\n") { Hint = failure.Hint });
        }

        try
        {
            context.Progress.Report("using the client: log-ins, xl, a guest");
            var shell = await ClientShell.LogInAsync(client.Console, LabLogin.Password, slowness, context.Cancellation).ConfigureAwait(false);
            await SettleAsync(plan, shell, slowness, context.Cancellation).ConfigureAwait(false);
            var unused = await new AuditedUse(shell, client.Console, slowness).RunAsync(scenario.Xen, site.Site.BootServer, guest, context.Cancellation).ConfigureAwait(false);
            await shell.RunAsync(AuditPlants.Plant(AuditStage.Last), CommandLimit * slowness, context.Cancellation).ConfigureAwait(false);
            await shell.RunAsync(AuditPlants.Await(stages), CommandLimit * slowness, context.Cancellation).ConfigureAwait(false);
            var result = await CollectAsync(plan, stages, shell, lab.Channel, slowness, context.Cancellation).ConfigureAwait(false);
            return result with { NotUsed = [.. unused, .. lab.Servers.Dead.Select(dead => $"the server {dead} ended")] };
        }
        catch (ConsoleException problem)
        {
            throw new BuildFailedException(new Diagnostic($"write audit: {problem.Message}"), problem);
        }
    }

    // systemd offers the log-in prompt while it still starts services.
    private static async Task SettleAsync(BootTestPlan plan, ClientShell shell, double slowness, CancellationToken cancellation)
    {
        if (plan.Recipe.Init == InitSystem.Systemd)
        {
            await shell.RunAsync("systemctl is-system-running --wait", ServicesLimit * slowness, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<AuditResult> CollectAsync(BootTestPlan plan, ImmutableArray<AuditStage> stages, ClientShell shell, LabChannel channel, double slowness, CancellationToken cancellation)
    {
        var upper = await AnswerAsync("upper", $"find {AuditFiles.Place}/upper -mindepth 1 -printf '{AuditEntry.Format}'").ConfigureAwait(false);
        var events = await AnswerAsync("events", $"cat {AuditFiles.Place}/events").ConfigureAwait(false);
        var mounts = await AnswerAsync("mounts", "cut -d ' ' -f 2 /proc/mounts").ConfigureAwait(false);
        var used = await AnswerAsync("flash", $"df -P -B 1 {FlashPaths.Flash} | tail -n 1").ConfigureAwait(false);
        var processes = AuditReading.ReadProcesses(events);
        var entries = AuditEntry.ReadAll(upper);
        var writes = new AuditReading(plan.Generation.Root, processes, [.. mounts]).Read(entries);
        await File.WriteAllLinesAsync(Path.Combine(plan.ReportDirectory, "audit-writes.txt"), writes.Select(w => $"{w.Path}\t{w.What}\t{string.Join("; ", w.Processes)}"), cancellation).ConfigureAwait(false);
        var proposal = FlashProposer.Of(new AuditedImage(plan.Generation.Root, entries), plan.Recipe.Flash, writes, Used(used));
        return new AuditResult(writes, proposal) { Unseen = AuditStage.Unseen(stages, entries, processes) };

        // Of df's columns the third.
        static long Used(string[] lines) => long.Parse(lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);

        async Task<string[]> AnswerAsync(string name, string command)
        {
            // The last line says that the command came to its end.
            var result = await shell.RunAsync($"{{ {command} && echo end; }} | {channel.Send(name)}", CommandLimit * slowness, cancellation).ConfigureAwait(false);
            var answer = await channel.ReceiveAsync(name, ClientInterview.LastBytesLimit, cancellation).ConfigureAwait(false);
            if (answer is null || !answer.EndsWith("end\n", StringComparison.Ordinal))
            {
                throw new BuildFailedException(new Diagnostic($"write audit: '{command}' failed on the client: {string.Join("; ", result.Lines)}"));
            }

            await File.WriteAllTextAsync(Path.Combine(plan.ReportDirectory, $"audit-{name}.txt"), answer, cancellation).ConfigureAwait(false);
            return answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1];
        }
    }
}
