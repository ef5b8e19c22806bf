using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Channel;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Steps;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.Store;

namespace Dom0Image.Auditing;

/// <summary>
/// Finds out what an image writes where it must not: boots it with its whole root writable in RAM, uses it, and looks at
/// what is in that RAM.
/// </summary>
internal static class WriteAudit
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ServicesLimit = TimeSpan.FromSeconds(300);

    /// <summary>Runs the audit.</summary>
    /// <param name="subject">What is booted.</param>
    /// <param name="scenario">How, and whether a guest is started and stopped.</param>
    /// <param name="context">Tools, store and progress.</param>
    /// <param name="changes">Done to the lab before the client boots; null for nothing.</param>
    /// <exception cref="BuildFailedException">The client did not boot, or could not tell what it wrote.</exception>
    public static async Task<AuditResult> RunAsync(LabSubject subject, BootScenario scenario, StageContext context, LabChanges? changes = null)
    {
        changes ??= LabChanges.None;
        Directory.CreateDirectory(subject.ReportDirectory);
        context.Progress.Report($"copying the root of {subject.Generation.Id} for the write audit");
        await using var image = await LabImage.MakeAsync(subject, "write-audit", context).ConfigureAwait(false);
        var stages = await AuditPlants.InstallAsync(image.Root, subject.Recipe.Init, context).ConfigureAwait(false);
        changes.Root(image.Root);
        context.Progress.Report($"booting {subject.Generation.Id} with all of its root writable ({image.Acceleration.Name()})");
        var withAudit = changes with
        {
            Files = files =>
            {
                AuditFiles.Add(files, subject.Site.BootServer);
                changes.Files(files);
            },
        };
        await using var lab = await image.BringUpAsync(scenario, subject.ReportDirectory, withAudit, context.Cancellation).ConfigureAwait(false);
        return await UseAsync(subject, scenario, stages, lab, context).ConfigureAwait(false);
    }

    private static async Task<AuditResult> UseAsync(LabSubject subject, BootScenario scenario, ImmutableArray<AuditStage> stages, ScenarioLab lab, StageContext context)
    {
        var host = lab.Site.Hosts[0];
        await using var client = await lab.SwitchOnAsync(host).ConfigureAwait(false);
        var course = await lab.FollowAsync(client, step => context.Progress.Report($"{host.Name} at {step.Short()}"), context.Cancellation).ConfigureAwait(false);
        if (course.Failure is { } failure)
        {
            throw new BuildFailedException(new Diagnostic($"write audit: {failure}; its last lines:\n  {string.Join("\n  ", failure.LastLines)}\n") { Hint = failure.Hint });
        }

        try
        {
            context.Progress.Report("using the client: log-ins, xl, a guest");
            var shell = await ClientShell.LogInAsync(client.Console, LabLogin.Password, lab.Slowness, context.Cancellation).ConfigureAwait(false);
            await SettleAsync(subject, shell, lab.Slowness, context.Cancellation).ConfigureAwait(false);
            var unused = await new AuditedUse(shell, client.Console, lab.Slowness).RunAsync(scenario.Xen, subject.Site.BootServer, lab.Guest, context.Cancellation).ConfigureAwait(false);
            await shell.RunAsync(AuditPlants.Plant(AuditStage.Last), CommandLimit * lab.Slowness, context.Cancellation).ConfigureAwait(false);
            await shell.RunAsync(AuditPlants.Await(stages), CommandLimit * lab.Slowness, context.Cancellation).ConfigureAwait(false);
            var result = await CollectAsync(subject, stages, shell, lab.Lab.Channel, lab.Slowness, context.Cancellation).ConfigureAwait(false);
            return result with { NotUsed = [.. unused, .. lab.Lab.Servers.Dead.Select(dead => $"the server {dead} ended")] };
        }
        catch (ConsoleException problem)
        {
            throw new BuildFailedException(new Diagnostic($"write audit: {problem.Message}"), problem);
        }
    }

    // systemd offers the log-in prompt while it still starts services.
    private static async Task SettleAsync(LabSubject subject, ClientShell shell, double slowness, CancellationToken cancellation)
    {
        if (subject.Recipe.Init == InitSystem.Systemd)
        {
            await shell.RunAsync("systemctl is-system-running --wait", ServicesLimit * slowness, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<AuditResult> CollectAsync(LabSubject subject, ImmutableArray<AuditStage> stages, ClientShell shell, LabChannel channel, double slowness, CancellationToken cancellation)
    {
        var upper = await AnswerAsync("upper", $"find {AuditFiles.Place}/upper -mindepth 1 -printf '{AuditEntry.Format}'").ConfigureAwait(false);
        var events = await AnswerAsync("events", $"cat {AuditFiles.Place}/events").ConfigureAwait(false);
        var mounts = await AnswerAsync("mounts", "cut -d ' ' -f 2 /proc/mounts").ConfigureAwait(false);
        var used = await AnswerAsync("flash", $"df -P -B 1 {FlashPaths.Flash} | tail -n 1").ConfigureAwait(false);
        var processes = AuditReading.ReadProcesses(events);
        var entries = AuditEntry.ReadAll(upper);
        var writes = new AuditReading(subject.Generation.Root, processes, [.. mounts]).Read(entries);
        await File.WriteAllLinesAsync(Path.Combine(subject.ReportDirectory, "audit-writes.txt"), writes.Select(w => $"{w.Path}\t{w.What}\t{string.Join("; ", w.Processes)}"), cancellation).ConfigureAwait(false);
        var proposal = FlashProposer.Of(new AuditedImage(subject.Generation.Root, entries), subject.Recipe.Flash, writes, Used(used));
        return new AuditResult(writes, proposal) { Unseen = AuditStage.Unseen(stages, entries, processes) };

        // Of df's columns the third.
        static long Used(string[] lines) => long.Parse(lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);

        async Task<string[]> AnswerAsync(string name, string command)
        {
            // The last line says that the command came to its end.
            var result = await shell.RunAsync($"{{ {command} && echo end; }} | {channel.Send(name)}", CommandLimit * slowness, cancellation).ConfigureAwait(false);
            var answer = await channel.ReceiveAsync(name, LabChannel.LastBytesLimit, cancellation).ConfigureAwait(false);
            if (answer is null || !answer.EndsWith("end\n", StringComparison.Ordinal))
            {
                throw new BuildFailedException(new Diagnostic($"write audit: '{command}' failed on the client: {string.Join("; ", result.Lines)}"));
            }

            await File.WriteAllTextAsync(Path.Combine(subject.ReportDirectory, $"audit-{name}.txt"), answer, cancellation).ConfigureAwait(false);
            return answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1];
        }
    }
}
