using System.Collections.Immutable;
using System.Net;
using Dom0Image.Boot;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Report;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Steps;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Stages;
using Dom0Image.Xen.Guest;

namespace Dom0Image.BootLab.Audit;

/// <summary>
/// Finds out what an image writes where it must not: boots it with its whole root writable in RAM, uses it, and looks at
/// what is in that RAM.
/// </summary>
public static class WriteAudit
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(120);

    // A log-in over the network, by a key that is made in RAM for it.
    private const string LogInOverSsh = "mkdir -p -m 700 /root/.ssh && ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/audit </dev/null"
        + " && cat /root/.ssh/audit.pub >>/root/.ssh/authorized_keys"
        + " && ssh -o StrictHostKeyChecking=no -o BatchMode=yes -i /root/.ssh/audit root@localhost true </dev/null";

    /// <summary>Runs the audit.</summary>
    /// <param name="plan">What is booted; its first scenario says how, and whether a guest is started and stopped.</param>
    /// <param name="context">Tools, store and progress.</param>
    /// <exception cref="BuildFailedException">The client did not boot, or could not be used.</exception>
    public static async Task<ImmutableArray<AuditedWrite>> RunAsync(BootTestPlan plan, StageContext context)
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
            BootTest.KeepLogs(Path.Combine(work, "logs"), plan.ReportDirectory);
            SafeDelete.Tree(work);
        }
    }

    private static async Task<ImmutableArray<AuditedWrite>> RunAsync(BootTestPlan plan, LabImage image, GrubImages loaders, Acceleration acceleration, string work, StageContext context)
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
            await UseAsync(scenario, site.Site.BootServer, shell, client, guest, slowness, context).ConfigureAwait(false);
            return await CollectAsync(plan, shell, files.Images, slowness, context.Cancellation).ConfigureAwait(false);
        }
        catch (ConsoleException problem)
        {
            throw new BuildFailedException(new Diagnostic($"write audit: {problem.Message}"), problem);
        }
    }

    private static async Task UseAsync(BootScenario scenario, IPAddress server, ClientShell shell, LabClient client, ExampleGuest? guest, double slowness, StageContext context)
    {
        var login = await shell.RunAsync(LogInOverSsh, CommandLimit * slowness, context.Cancellation).ConfigureAwait(false);
        if (login.ExitCode != 0)
        {
            context.Progress.Warn($"write audit: the log-in over ssh failed: {string.Join("; ", login.Lines.TakeLast(2))}");
        }

        if (scenario.Xen)
        {
            await shell.RunAsync("xl info >/dev/null; xl list >/dev/null", CommandLimit * slowness, context.Cancellation).ConfigureAwait(false);
        }

        if (guest is not null)
        {
            // The image looks for its server in its root's mount, which is another one here.
            await shell.RunAsync(ImagesMount.Command(server, Places.DomUImages), CommandLimit * slowness, context.Cancellation).ConfigureAwait(false);
            var trial = await new DomUTrial(client.Console, shell, guest, slowness).RunAsync(context.Cancellation).ConfigureAwait(false);
            trial.Where(c => !c.Passed).ToList().ForEach(c => context.Progress.Warn($"write audit: {c.Name}: {c.Detail}"));
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
