using System.Collections.Immutable;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Report;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Servers;
using Dom0Image.BootLab.Steps;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Xen.Guest;

namespace Dom0Image.BootLab;

/// <summary>Boots the clients of one scenario and has them prove what they have to.</summary>
internal sealed class ScenarioRun(BootTestPlan plan, LabChanges changes, BootScenario scenario, LabStorage storage, GrubImages loaders, Acceleration acceleration, Action<string> tell, StageContext context)
{
    private readonly double _load = LoadAverage.OfLastMinute();
    private double Slowness => plan.Patience * scenario.Clients * Busy(_load);

    /// <summary>How much slower than an idle one this machine is.</summary>
    internal static double Busy() => Busy(LoadAverage.OfLastMinute());

    /// <summary>Runs it in an empty work directory.</summary>
    public async Task<ScenarioOutcome> RunAsync(string work)
    {
        var site = LabSite.For(plan.Site, scenario);
        var files = LabFiles.Write(work, site, plan.Generation, plan.Boot, loaders);
        changes.Files(files);
        var guest = scenario.DomU ? await LabGuest.PlaceAsync(plan.Generation, storage.Images, context).ConfigureAwait(false) : null;
        var setup = new LabSetup(work, files.Configuration, storage, files.Mounts, site.Addresses, site.Hosts.Length);
        await using var lab = await Lab.StartAsync(setup, context.Tools, acceleration, context.Cancellation).ConfigureAwait(false);
        var clients = await Task.WhenAll(site.Hosts.Select((host, index) => BootAsync(lab, host, site, index, index == 0 ? guest : null))).ConfigureAwait(false);
        return new ScenarioOutcome(scenario, TwinChecks.Add([.. clients]), _load);
    }

    private async Task<ClientOutcome> BootAsync(Lab lab, BootHost host, LabSite site, int index, ExampleGuest? guest)
    {
        await using var client = await lab.SwitchOnAsync(host.Name, index, host.Mac, scenario.Hardware).ConfigureAwait(false);
        // Where dom0 is the default nobody is asked for anything, and nobody types.
        var visit = scenario.ThroughDailyMenu && !host.Dom0ByDefault ? new DailyMenuVisit(client.Console, site.TitleOf(host), Slowness) : null;
        var course = await FollowAsync(client, host.Name, visit).ConfigureAwait(false);
        course = course with { Failure = Blame(lab.Servers.Dead, course.Failure) };
        var counts = await lab.Network.CountAsync(context.Cancellation).ConfigureAwait(false);
        var outcome = new ClientOutcome(
            host.Name, host.Address, course, [], ImmutableDictionary<string, string>.Empty,
            counts.GetValueOrDefault(host.Address, TrafficCount.None),
            [.. lab.Servers.TftpRequests.Where(r => r.Client.Equals(host.Address))]);
        if (course.Failure is not null || scenario.UntilLogin)
        {
            return outcome;
        }

        tell($"{scenario.Name}: {host.Name} proves what it must");
        ImmutableArray<CheckResult> checks =
        [
            .. MenuChecks.Of(host, scenario.ThroughDailyMenu, outcome.Files),
            .. MicrocodeChecks.Of(plan.Boot, outcome.Files),
            .. visit is null ? [] : ImmutableArray.Create(visit.Password),
            .. ConsoleChecks.Of(client.Console.Lines, name => ImageServices.ScriptOf(LabImage.RootOf(plan.Generation, storage.Generations), name)),
        ];
        try
        {
            var shell = await ClientShell.LogInAsync(client.Console, LabLogin.Password, Slowness, context.Cancellation).ConfigureAwait(false);
            var held = ClientExpectation.For(plan, host, site.ProfileOf(host)) with { FailedServices = ServiceChecks.NamesIn(checks) };
            var testimony = await ClientInterview.HoldAsync(shell, held, lab.Channel, Slowness, context.Cancellation).ConfigureAwait(false);
            checks = [.. checks, .. testimony.Checks];
            outcome = outcome with { Facts = testimony.Facts };
            if (guest is not null)
            {
                checks = [.. checks, .. await new DomUTrial(client.Console, shell, guest, Slowness).RunAsync(context.Cancellation).ConfigureAwait(false)];
            }
        }
        catch (ConsoleException problem)
        {
            checks = [.. checks, new CheckResult("console", false, problem.Message)];
        }

        foreach (var dead in lab.Servers.Dead)
        {
            checks = [.. checks, new CheckResult("servers-alive", false, $"{dead} ended")];
        }

        return outcome with { Checks = ServiceChecks.Settle(checks, plan.Recipe.MayFail) };
    }

    private async Task<BootCourse> FollowAsync(LabClient client, string name, DailyMenuVisit? visit)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var menu = visit?.GoAsync(leave.Token) ?? Task.CompletedTask;
        try
        {
            return await BootWatch.FollowAsync(
                client, BootStepSigns.For(scenario.Xen), Slowness, step => tell($"{scenario.Name}: {name} at {BootTable.Short(step)}"), context.Cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Whoever is at the menu leaves with the boot; what went wrong there has shown in its course.
            await leave.CancelAsync().ConfigureAwait(false);
            await menu.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A client whose server is gone complains of something else.
    private static BootFailure? Blame(ImmutableArray<string> dead, BootFailure? failure)
        => failure is null || dead.IsEmpty ? failure : failure with { Reason = $"the server {string.Join(" and ", dead)} had ended; {failure.Reason}" };

    private static double Busy(double load) => Math.Clamp(load / Environment.ProcessorCount, 1, 4);
}
