using System.Collections.Immutable;

namespace Dom0Image.BootLab.Checks;

/// <summary>One thing that a booted client has to prove.</summary>
/// <param name="Name">Such as <c>root-read-only</c>.</param>
/// <param name="Passed">Whether it did.</param>
/// <param name="Detail">What was found; one line.</param>
public sealed record CheckResult(string Name, bool Passed, string Detail);

/// <summary>What a client told about itself.</summary>
/// <param name="Checks">Checks in the order they were made.</param>
/// <param name="Facts">Measured values by name, such as <c>flash-kilobytes</c>.</param>
/// <param name="Complete">Whether the client got to the end of its checks.</param>
public sealed record ClientTestimony(ImmutableArray<CheckResult> Checks, ImmutableDictionary<string, string> Facts, bool Complete)
{
    /// <summary>Reads what the check script wrote: <c>kind|name|...</c> per line. Anything else is left out.</summary>
    public static ClientTestimony Read(IEnumerable<string> lines)
    {
        var checks = ImmutableArray.CreateBuilder<CheckResult>();
        var facts = ImmutableDictionary.CreateBuilder<string, string>();
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
                case ["end"]:
                    complete = true;
                    break;
                default:
                    break;
            }
        }

        return new ClientTestimony(checks.ToImmutable(), facts.ToImmutable(), complete);
    }
}
