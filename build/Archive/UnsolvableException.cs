using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Archive;

/// <summary>Packages cannot be installed together.</summary>
/// <param name="failure">What apt ended with.</param>
internal sealed class UnsolvableException(ToolFailedException failure) : BuildFailedException(new Diagnostic(failure.Message), failure)
{
    private const string ReasonsFollow = "The following packages have unmet dependencies:";

    // By apt's own solver, and by the one of apt 3.
    private static readonly ImmutableArray<string> Signs = [ReasonsFollow, "E: Unable to correct problems", "E: Unable to satisfy dependencies", "E: Broken packages"];

    /// <summary>Apt's reasons, one a line: <c>busybox-syslogd : Conflicts: system-log-daemon</c>.</summary>
    public ImmutableArray<string> Reasons { get; } = ReasonsIn(failure.LastLines);

    /// <summary>Whether a failure of apt's is of this kind.</summary>
    public static bool Explains(ToolFailedException failure) => failure.LastLines.Any(line => Signs.Any(sign => line.StartsWith(sign, StringComparison.Ordinal)));

    private static ImmutableArray<string> ReasonsIn(IReadOnlyList<string> lines)
    {
        string[] told = [.. lines.SkipWhile(line => !Signs.Any(sign => line.StartsWith(sign, StringComparison.Ordinal))).Where(line => line.StartsWith(' ')).Select(line => line.Trim())];
        return [.. told.DefaultIfEmpty(lines[^1])];
    }
}
