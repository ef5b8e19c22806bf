using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;

namespace Dom0Image.Testing;

/// <summary>A test that failed, or a run of tests that broke off.</summary>
/// <param name="Name">The test's full name.</param>
/// <param name="Message">What it says.</param>
/// <param name="StackTrace">Where; empty when it says nothing.</param>
internal sealed partial record TestFailure(string Name, string Message, string StackTrace)
{
    /// <summary>The failure as a thing to put right: where it is in our sources, and what was said.</summary>
    public Diagnostic ToDiagnostic() => new($"{Name}\n    {Message.Trim().ReplaceLineEndings("\n    ")}")
    {
        Where = Place().Match(StackTrace) is { Success: true } place
            ? new SourceLocation(place.Groups[1].Value, int.Parse(place.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))
            : null,
    };

    [GeneratedRegex(@" in (\S.*\.cs):line (\d+)")]
    private static partial Regex Place();
}
