using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Report;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Steps;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Stages;

namespace Dom0Image.BootLab.Audit;

/// <summary>
/// Finds out what an image writes where it must not: boots it with its whole root writable in RAM, uses it, and looks at
/// what is in that RAM.
/// </summary>
public static class WriteAudit
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(120);

    /// <summary>Runs the audit.</summary>
    /// <param name="plan">What is booted; its first scenario says how, and whether a guest is started and stopped.</param>
    /// <param name="context">Tools, store and progress.</param>
    /// <exception cref="BuildFailedException">The client did not boot, or could not tell what it wrote.</exception>
    public static async Task<AuditResult> RunAsync(BootTestPlan plan, StageContext context)
    {
        Directory.CreateDirectory(plan.ReportDirectory);
        var acceleration = await AccelerationProbe.FindAsync(context.Tools, context.Cancellation).ConfigureAwait(false);
        var loaders = await GrubImages.MakeAsync(context, BootTest.Serial).ConfigureAwait(false);
        var work = Path.Combine(context.Store.Work, $"write-audit-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            context.Progress.Report($"booting {plan.Generation.Id} with all of its root writable ({acceleration.Name()})");
            var image = await LabImage.CopyAsync(plan.Generation, Path.Combine(work, "generations"), context).ConfigureAwait(false);
            plan.BreakRoot(image.Root);
            return await RunAsync(plan, image, loaders, acceleration, work, context).ConfigureAwait(false);
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

    private static async Task<AuditResult> RunAsync(BootTestPlan plan, LabImage image, GrubImages loaders, Acceleration acceleration, string work, StageContext context)
    {
        var scenario = plan.Scenarios[0];
        var site = LabSite.For(plan.Site, scenario);
        var files = LabFiles.Write(work, site, plan.Generation, image, plan.Boot, loaders);
        AuditFiles.Add(files, site.Site.BootServer);
        var guest = scenario.DomU ? await LabGuest.PlaceAsync(plan.Generation, files, context).ConfigureAwait(false) : null;
        var setup = new LabSetup(work, files.Configuration, files.Mounts, site.Addresses, 1);
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
            var unused = await new AuditedUse(shell, client.Console, slowness).RunAsync(scenario.Xen, site.Site.BootServer, guest, context.Cancellation).ConfigureAwait(false);
            var writes = await CollectAsync(plan, shell, files.Images, slowness, context.Cancellation).ConfigureAwait(false);
            return new AuditResult(writes, [.. unused, .. lab.Servers.Dead.Select(dead => $"the server {dead} ended")]);
        }
        catch (ConsoleException problem)
        {
            throw new BuildFailedException(new Diagnostic($"write audit: {problem.Message}"), problem);
        }
    }

    private static async Task<ImmutableArray<AuditedWrite>> CollectAsync(BootTestPlan plan, ClientShell shell, string images, double slowness, CancellationToken cancellation)
    {
        const string There = ClientInterview.MountPoint;
        string[] commands =
        [
            ImagesMount.Command(plan.Site.BootServer, There),
            $"find {AuditFiles.Place}/upper -mindepth 1 -printf '%y|%m|%U:%G|%P\\n' >{There}/upper",
            $"cat {AuditFiles.Place}/events >{There}/events && cut -d ' ' -f 2 /proc/mounts >{There}/mounts && sync",
        ];
        foreach (var command in commands)
        {
            var result = await shell.RunAsync(command, CommandLimit * slowness, cancellation).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                throw new BuildFailedException(new Diagnostic($"write audit: '{command}' failed on the client: {string.Join("; ", result.Lines)}"));
            }
        }

        foreach (var name in new[] { "upper", "events", "mounts" })
        {
            File.Copy(Path.Combine(images, name), Path.Combine(plan.ReportDirectory, $"audit-{name}.txt"), overwrite: true);
        }

        var processes = AuditReading.ReadProcesses(await File.ReadAllLinesAsync(Path.Combine(images, "events"), cancellation).ConfigureAwait(false));
        var mounts = await File.ReadAllLinesAsync(Path.Combine(images, "mounts"), cancellation).ConfigureAwait(false);
        return new AuditReading(plan.Generation.Root, processes, [.. mounts]).Read(await File.ReadAllLinesAsync(Path.Combine(images, "upper"), cancellation).ConfigureAwait(false));
    }
}
