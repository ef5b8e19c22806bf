using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootTesting.Checks;

/// <summary>What the serial console of a boot must not show: one result for each thing that it does.</summary>
internal static partial class ConsoleChecks
{
    /// <summary>Name of the check that nothing is written where it must not, by the console.</summary>
    public const string ReadOnly = "console-without-read-only";

    private const string Failures = "console-without-failures";
    private const int Told = 10;

    /// <summary>Looks through the lines up to the log-in prompt.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="scriptOf">The image's init script of a name; null when there is none.</param>
    public static ImmutableArray<CheckResult> Of(IEnumerable<ConsoleLine> lines, Func<string, string?> scriptOf)
    {
        var text = lines.Select(l => l.Text.Trim()).ToList();
        var services = ConsoleServices.Of(text, scriptOf);
        var ofServices = services.SelectMany(s => s.Lines).ToHashSet();
        return
        [
            .. Absent(ReadOnly, text.Where(LogLine.TellsOfReadOnly)),
            .. Absent(Failures, text.Where(l => FailureSign().IsMatch(l) && !ofServices.Contains(l))),
            .. services.Select(ServiceChecks.Failed),
        ];
    }

    private static List<CheckResult> Absent(string name, IEnumerable<string> found)
    {
        var all = found.DistinctBy(LogLine.Essence).Take(Told).Select(line => new CheckResult(name, false, line)).ToList();
        return all.Count == 0 ? [new CheckResult(name, true, "")] : all;
    }

    // Debian's init scripts, systemd, the shell, the kernel. startpar's own line only sums up.
    [GeneratedRegex(@"^(?!.*startpar: service\(s\)).*(?:\bfailed!|\[FAIL\]|\[FAILED\])|: not found$|Kernel panic|\bOops: |BUG: ")]
    private static partial Regex FailureSign();
}
