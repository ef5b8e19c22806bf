using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;

namespace Dom0Image.BootTesting.Checks;

/// <summary>What a client told about itself.</summary>
/// <param name="Checks">Checks in the order they were made.</param>
/// <param name="Facts">Measured values by name, such as <c>flash-kilobytes</c>.</param>
/// <param name="Complete">Whether the client got to the end of its checks.</param>
internal sealed record ClientTestimony(ImmutableArray<CheckResult> Checks, ImmutableDictionary<string, string> Facts, bool Complete)
{
    /// <summary>
    /// Reads what the check script wrote: <c>kind|name|...</c> per line. Anything else is left out. Lines of failed services,
    /// <c>failed|service|line</c>, are gathered to a check of each.
    /// </summary>
    public static ClientTestimony Read(IEnumerable<string> lines)
    {
        var checks = ImmutableArray.CreateBuilder<CheckResult>();
        var facts = ImmutableDictionary.CreateBuilder<string, string>();
        var services = new List<(string Name, string Line)>();
        var complete = false;
        foreach (var parts in lines.Select(line => line.Split('|', 4)))
        {
            switch (parts)
            {
                case ["check", var name, var outcome, var detail]:
                    checks.Add(new CheckResult(name, outcome == "ok", detail));
                    break;
                case ["fact", var name, var value]:
                    facts[name] = value;
                    break;
                case ["failed", var service, .. var said]:
                    services.Add((ServiceNames.OfUnit(service), string.Join('|', said)));
                    break;
                case ["end"]:
                    complete = true;
                    break;
                default:
                    break;
            }
        }

        checks.AddRange(services.GroupBy(s => s.Name, s => s.Line).Select(s => ServiceChecks.Failed(new FailedService(s.Key, [.. s.Where(l => l.Length > 0)]))));
        return new ClientTestimony(checks.ToImmutable(), facts.ToImmutable(), complete);
    }
}
