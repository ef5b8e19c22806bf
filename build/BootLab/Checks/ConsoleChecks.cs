using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootLab.Checks;

/// <summary>What the serial console of a boot must not show.</summary>
public static partial class ConsoleChecks
{
    /// <summary>Looks through the lines up to the log-in prompt.</summary>
    public static ImmutableArray<CheckResult> Of(IEnumerable<SerialLine> lines)
    {
        var text = lines.Select(l => l.Text.Trim()).ToList();
        return
        [
            Absent("console-without-read-only", text, ReadOnlySign()),
            Absent("console-without-failures", text, FailureSign()),
        ];
    }

    private static CheckResult Absent(string name, List<string> lines, Regex sign)
    {
        var found = lines.Where(l => sign.IsMatch(l)).Take(3).ToList();
        return new CheckResult(name, found.Count == 0, string.Join("; ", found));
    }

    [GeneratedRegex(@"Read-only file system|\bEROFS\b")]
    private static partial Regex ReadOnlySign();

    // Debian's init scripts, insserv's startpar, systemd, the shell, the kernel.
    [GeneratedRegex(@"\bfailed!|\[FAIL\]|\[FAILED\]|startpar: service\(s\) returned failure|: not found$|Kernel panic|\bOops: |BUG: ")]
    private static partial Regex FailureSign();
}
