using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.Nightly;

/// <summary>The site's own program that tells people of a night that failed: we have no mailer.</summary>
/// <param name="words">The program and its arguments, at least the first.</param>
/// <param name="limit">How long it may take; then it is killed.</param>
internal sealed class FailureCommand(ImmutableArray<string> words, TimeSpan limit)
{
    /// <summary>Names the variable with the path of the result's file; it is not set where there is none.</summary>
    public const string Variable = "DOM0IMAGE_NIGHTLY_RESULT";

    /// <summary>Long enough for a mail server that is slow; short enough for the next night.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    /// <param name="result">What it is given on its standard input.</param>
    /// <param name="file">Path of the same in a file; null where it could not be written.</param>
    /// <returns>What went wrong with it; null for nothing.</returns>
    public async Task<string?> RunAsync(NightResult result, string? file)
    {
        var command = new ToolCommand(words[0], words[1..]) { StandardInput = result.Json() }.WithEnvironment(Variable, file);
        using var patience = new CancellationTokenSource(limit);
        try
        {
            // Not into the run's log, whose disk may be what is full.
            await new ToolRunner().RunAsync(command, cancellation: patience.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"the site's on-failure command did not end within {limit.TotalSeconds:0} s and was killed: {command}";
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException)
        {
            return $"the site's on-failure command failed: {problem.Message}";
        }
    }
}
