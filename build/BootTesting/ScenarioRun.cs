using System.Collections.Immutable;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting;

/// <summary>Boots the clients of one scenario and has them prove what they have to.</summary>
internal sealed class ScenarioRun(BootTestPlan plan, BootScenario scenario, LabImage image, ScenarioLab lab, Action<string> tell, CancellationToken cancellation)
{
    public async Task<ScenarioOutcome> RunAsync()
        => new(scenario, TwinChecks.Add([.. await Task.WhenAll(lab.Site.Hosts.Select(BootAsync)).ConfigureAwait(false)]), lab.Load);

    private async Task<ClientOutcome> BootAsync(BootHost host)
    {
        await using var client = await lab.SwitchOnAsync(host).ConfigureAwait(false);
        // Where dom0 is the default nobody is asked for anything, and nobody types.
        var visit = scenario.ThroughDailyMenu && !host.Dom0ByDefault ? new DailyMenuVisit(client.Console, lab.Site.TitleOf(host), lab.Slowness) : null;
        var course = await FollowAsync(client, host.Name, visit).ConfigureAwait(false);
        var counts = await lab.Lab.Network.CountAsync(cancellation).ConfigureAwait(false);
        var outcome = new ClientOutcome(
            host.Name, host.Address, course, [], ImmutableDictionary<string, string>.Empty,
            counts.GetValueOrDefault(host.Address, TrafficCount.None),
            [.. lab.Lab.Servers.TftpRequests.Where(r => r.Client.Equals(host.Address))]);
        if (course.Failure is not null)
        {
            return outcome;
        }

        tell($"{scenario.Name}: {host.Name} proves what it must");
        ImmutableArray<CheckResult> checks =
        [
            .. MenuChecks.Of(host, scenario.ThroughDailyMenu, outcome.Files),
            .. MicrocodeChecks.Of(plan.Boot, outcome.Files),
            .. visit is null ? [] : ImmutableArray.Create(visit.Password),
            .. ConsoleChecks.Of(client.Console.Lines, name => ImageServices.ScriptOf(image.Root, name)),
        ];
        try
        {
            var shell = await ClientShell.LogInAsync(client.Console, LabLogin.Password, lab.Slowness, cancellation).ConfigureAwait(false);
            var held = ClientExpectation.For(plan, host, lab.Site.ProfileOf(host)) with { FailedServices = ServiceChecks.NamesIn(checks) };
            var testimony = await ClientInterview.HoldAsync(shell, held, lab.Lab.Channel, lab.Slowness, cancellation).ConfigureAwait(false);
            checks = [.. checks, .. testimony.Checks];
            outcome = outcome with { Facts = testimony.Facts };
            if (lab.Guest is { } guest && host == lab.Site.Hosts[0])
            {
                checks = [.. checks, .. await new DomUTrial(client.Console, shell, guest, lab.Slowness).RunAsync(cancellation).ConfigureAwait(false)];
            }
        }
        catch (ConsoleException problem)
        {
            checks = [.. checks, new CheckResult("console", false, problem.Message)];
        }

        foreach (var dead in lab.Lab.Servers.Dead)
        {
            checks = [.. checks, new CheckResult("servers-alive", false, $"{dead} ended")];
        }

        return outcome with { Checks = ServiceChecks.Settle(checks, plan.Recipe.MayFail) };
    }

    private async Task<BootCourse> FollowAsync(LabClient client, string name, DailyMenuVisit? visit)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var menu = visit?.GoAsync(leave.Token) ?? Task.CompletedTask;
        try
        {
            return await lab.FollowAsync(client, step => tell($"{scenario.Name}: {name} at {step.Short()}"), cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Whoever is at the menu leaves with the boot; what went wrong there has shown in its course.
            await leave.CancelAsync().ConfigureAwait(false);
            await menu.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
