namespace Dom0Image.Diagnostics;

/// <summary>The user, or the system in his place, ended the run.</summary>
/// <param name="by">What did, such as <c>Ctrl-C</c>.</param>
/// <param name="cause">What the interrupted work threw; null when nothing was under way.</param>
internal sealed class InterruptedException(string by, Exception? cause = null) : BuildFailedException(
    new Diagnostic($"interrupted by {by}") { Hint = "What is published stays as it was; the next run goes on with the stages that are finished." },
    cause);
