using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Dom0Image.BootTesting.Checks;

/// <summary>
/// The services that a console shows to have failed, each with what it said. A script under System V init says "failed!" and
/// not its name; startpar names the scripts when all have ended, so that the two are put together by what stands in the script.
/// </summary>
internal static partial class ConsoleServices
{
    private const int LinesOfOne = 8;

    /// <summary>The services.</summary>
    /// <param name="lines">The console's lines.</param>
    /// <param name="scriptOf">The image's script of that name; null when there is none.</param>
    public static ImmutableArray<FailedService> Of(IReadOnlyList<string> lines, Func<string, string?> scriptOf)
    {
        var units = lines.Select(l => (Line: l, Match: UnitSign().Match(l))).Where(l => l.Match.Success)
            .Select(l => new FailedService(ServiceNames.OfUnit(l.Match.Groups["unit"].Value), [l.Line]));
        var blocks = Enumerable.Range(0, lines.Count).Where(i => ScriptSign().IsMatch(lines[i]) && !NamesSign().IsMatch(lines[i])).Select(i => Block(lines, i)).Where(b => !b.IsEmpty).ToList();
        var named = ImmutableArray.CreateBuilder<FailedService>();
        foreach (var name in lines.Select(l => NamesSign().Match(l)).Where(m => m.Success)
            .SelectMany(m => m.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct())
        {
            var script = scriptOf(name);
            var own = blocks.FirstOrDefault(b => IsOf(b, name, script));
            blocks.RemoveAll(b => b == own);
            named.Add(new FailedService(name, own.IsDefault ? [] : own));
        }

        // One without words of its own is taken for the only one that has no name.
        if (blocks.Count == 1 && named.Count(n => n.Lines.IsEmpty) == 1)
        {
            var nameless = named.Single(n => n.Lines.IsEmpty);
            named[named.IndexOf(nameless)] = nameless with { Lines = blocks[0] };
        }

        // A script that says "failed!" and ends well is not among startpar's.
        var quiet = from block in blocks
                    let daemon = DaemonOf(block)
                    where daemon is not null && named.All(n => n.Name != daemon) && scriptOf(daemon) is not null
                    select new FailedService(daemon, block);
        return [.. units, .. named, .. quiet];
    }

    // startpar writes what a script says in one go; the kernel may write in between.
    private static ImmutableArray<string> Block(IReadOnlyList<string> lines, int end)
    {
        var first = end;
        while (!StartSign().IsMatch(lines[first]) && first > 0 && end - first < LinesOfOne - 1 && !lines[first - 1].EndsWith('.') && !ScriptSign().IsMatch(lines[first - 1]))
        {
            first--;
        }

        return [.. lines.Skip(first).Take(end - first + 1).Where(l => l.Length > 0 && !KernelSign().IsMatch(l))];
    }

    private static bool IsOf(ImmutableArray<string> block, string name, string? script)
    {
        var start = StartSign().Match(block[0]);
        var what = start.Groups["what"].Value.Trim();
        return block.Any(l => l.Contains(name, StringComparison.OrdinalIgnoreCase))
            || (script is not null && what.Length > 3 && script.Contains(what, StringComparison.Ordinal))
            || (script is not null && DaemonOf(block) is { Length: > 2 } daemon && Regex.IsMatch(script, $@"(?<![\w-]){Regex.Escape(daemon)}(?![\w-])"));
    }

    private static string? DaemonOf(ImmutableArray<string> block)
        => StartSign().Match(block[0]) is { Success: true } start && start.Groups["daemon"].Value is { Length: > 0 } daemon ? daemon : null;

    [GeneratedRegex(@"\[FAILED\] Failed to \w+(?: swap)? (?<unit>\S+\.[a-z]+)\b")]
    private static partial Regex UnitSign();

    [GeneratedRegex(@"\bfailed!|\[FAIL\]")]
    private static partial Regex ScriptSign();

    [GeneratedRegex(@"startpar: service\(s\) returned failure: (?<names>[\w@.+: -]*?) *(?:\.\.\.|failed!|$)")]
    private static partial Regex NamesSign();

    [GeneratedRegex(@"\bStarting (?<what>[^:]+?)(?: \.\.\.|$|: *(?<daemon>[\w@.+-]*))")]
    private static partial Regex StartSign();

    [GeneratedRegex(@"^\[ *\d+\.\d+\] |^\(XEN\) ")]
    private static partial Regex KernelSign();
}

/// <summary>A service that failed on a client.</summary>
/// <param name="Name">Its script's or unit's, without <c>.service</c>.</param>
/// <param name="Lines">What it said, oldest first.</param>
internal sealed record FailedService(string Name, ImmutableArray<string> Lines);

/// <summary>How services are called here: as people type them.</summary>
internal static class ServiceNames
{
    private const string Service = ".service";

    /// <summary>The name of a unit; other kinds than services keep theirs.</summary>
    public static string OfUnit(string unit) => unit.EndsWith(Service, StringComparison.Ordinal) ? unit[..^Service.Length] : unit;
}
