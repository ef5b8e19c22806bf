using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Archive;

/// <summary>
/// Asks the signed lists for packages by exactly their names. Apt itself would take a name that it does not know for a
/// pattern, and a sign at its end for an order: <c>nano-</c> is taken away, <c>xen-utils-4.2</c> is each that begins so.
/// </summary>
/// <param name="lists">The lists.</param>
internal sealed class PackageNames(AptLists lists)
{
    private const string Candidate = "  Candidate: ";
    private const string ProvidersFollow = "Reverse Provides:";

    /// <summary>What is wrong with the names that cannot be installed, and in words of the lists what could be; in the order of the names.</summary>
    public async Task<ImmutableArray<(string Name, Diagnostic Problem)>> CheckAsync(ImmutableArray<string> names, OtherArchives elsewhere)
    {
        var there = await InstallableAsync(names).ConfigureAwait(false);
        var problems = ImmutableArray.CreateBuilder<(string, Diagnostic)>();
        foreach (var name in names.Where(name => !there.Contains(name)))
        {
            var providers = await ProvidersAsync(name).ConfigureAwait(false);
            if (providers.Length > 1)
            {
                problems.Add((name, new Diagnostic($"'{name}' is no package but what several packages provide") { Expected = $"one of {string.Join(", ", providers)}" }));
            }
            else if (providers.IsEmpty)
            {
                problems.Add((name, await UnknownAsync(name, elsewhere).ConfigureAwait(false)));
            }
        }

        return problems.ToImmutable();
    }

    private async Task<HashSet<string>> InstallableAsync(ImmutableArray<string> names)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        var policy = await lists.AskAsync("apt-cache", ["policy", "--", .. names]).ConfigureAwait(false);
        var name = "";
        foreach (var line in policy.Output.Split('\n'))
        {
            if (line.EndsWith(':') && !line.StartsWith(' '))
            {
                name = line[..^1];
            }
            else if (line.StartsWith(Candidate, StringComparison.Ordinal) && line[Candidate.Length..] != "(none)")
            {
                there.Add(name);
            }
        }

        return there;
    }

    // Where there is one alone, apt takes it.
    private async Task<ImmutableArray<string>> ProvidersAsync(string name)
    {
        var shown = await lists.AskAsync("apt-cache", "showpkg", "--", name).ConfigureAwait(false);
        return [.. shown.Lines.SkipWhile(line => line != ProvidersFollow).Skip(1).Select(line => line.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    private async Task<Diagnostic> UnknownAsync(string name, OtherArchives elsewhere)
    {
        var all = await lists.AskAsync("apt-cache", "pkgnames").ConfigureAwait(false);
        var near = Nearest.To(name, all.Lines);
        return new Diagnostic($"no package '{name}' in {elsewhere.Asked}")
        {
            Hint = await elsewhere.HintAsync(name, wide: near is null).ConfigureAwait(false) ?? (near is null ? null : $"Did you mean '{near}'?"),
        };
    }
}
