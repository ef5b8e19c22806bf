using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting.Checks;

namespace Dom0Image.BootTesting.Report;

/// <summary>One cause for which boots failed, however many clients saw it.</summary>
/// <param name="What">What went wrong; one line.</param>
/// <param name="Clients">Who saw it, by scenario.</param>
/// <param name="Lines">What shows it: the last lines of a service, of a console.</param>
/// <param name="NextStep">What to do.</param>
internal sealed record BootProblem(string What, ImmutableArray<ScenarioClients> Clients, ImmutableArray<string> Lines, string? NextStep)
{
    private const string Audit = "Something is written that is not in the flash list; --target=WriteAudit lists all such paths, with the lines for the recipe.";

    /// <summary>The causes, in the order in which they were seen.</summary>
    public static ImmutableArray<BootProblem> Of(IEnumerable<ScenarioOutcome> scenarios) =>
    [
        .. scenarios.SelectMany(s => s.Clients.SelectMany(c => Seen(s, c)))
            .GroupBy(s => s.Key)
            .Select(g => g.First().Problem with
            {
                Clients = [.. g.SelectMany(s => s.Problem.Clients).GroupBy(c => c.Scenario, c => c.Hosts).Select(c => new ScenarioClients(c.Key, [.. c.SelectMany(h => h).Distinct()]))],
            }),
    ];

    /// <summary>The cause and who saw it.</summary>
    public string Title => $"{What} ({string.Join("; ", Clients)})";

    /// <summary>All of it, as it stands in a message.</summary>
    public override string ToString() => Lines.IsEmpty ? Title : $"{Title}:\n  {string.Join("\n  ", Lines)}\n";

    private static IEnumerable<(string Key, BootProblem Problem)> Seen(ScenarioOutcome scenario, ClientOutcome client)
    {
        ImmutableArray<ScenarioClients> here = [new(scenario.Scenario.Name, [client.HostName])];
        string Same(string text) => LogLine.SameForAll(text, client.HostName, client.Address);
        if (client.Course.Failure is { } failure)
        {
            yield return ($"{failure.LastStep} {Same(failure.Reason)}", new BootProblem($"{failure}".TrimEnd('.', ' '), here, Shown(failure.LastLines), failure.Hint));
            yield break;
        }

        foreach (var check in client.Checks.Where(c => !c.Passed))
        {
            yield return ServiceChecks.ServiceOf(check) is { } service
                ? (check.Name, new BootProblem($"service '{service}' failed", here, check.Lines, StepFor(service, check)))
                : LogLine.TellsOfReadOnly(check.Detail)
                    ? ($"read-only {Same(check.Detail)}", new BootProblem($"{check.Name}: {check.Detail}", here, check.Lines, Audit))
                    : ($"{check.Name} {Same(check.Detail)}", new BootProblem($"{check.Name}: {check.Detail}", here, check.Lines, null));
        }
    }

    // A menu fills its screen with blanks.
    private static ImmutableArray<string> Shown(IEnumerable<string> lines) => [.. lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    private static string StepFor(string service, CheckResult check) => check.Lines.Any(LogLine.TellsOfReadOnly)
        ? Audit
        : $"If it cannot work on these clients, the recipe may say so, with the reason: may-fail: {{ {service}: \"...\" }}.";
}

/// <summary>Clients of one scenario.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Hosts">Their names.</param>
internal sealed record ScenarioClients(string Scenario, ImmutableArray<string> Hosts)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Scenario}: {string.Join(", ", Hosts)}";
}
