namespace Dom0Image.Diagnostics;

/// <summary>A host tool failed; carries the command and its last lines.</summary>
internal sealed class ToolFailedException : BuildFailedException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="command">The command line, as it may be shown.</param>
    /// <param name="exitCode">How it ended.</param>
    /// <param name="lastLines">Its last lines, oldest first.</param>
    /// <param name="hint">What the user may do.</param>
    public ToolFailedException(string command, int exitCode, IReadOnlyList<string> lastLines, string? hint)
        : base(new Diagnostic(Describe(command, exitCode, lastLines)) { Hint = hint })
    {
        Command = command;
        ExitCode = exitCode;
        LastLines = lastLines;
    }

    /// <summary>The command that failed.</summary>
    public string Command { get; }

    /// <summary>Its exit code; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode { get; }

    /// <summary>The last lines of its output and error output, oldest first.</summary>
    public IReadOnlyList<string> LastLines { get; }

    private static string Describe(string command, int exitCode, IReadOnlyList<string> lastLines)
    {
        var head = $"'{command}' failed with exit code {exitCode}";
        return lastLines.Count == 0 ? head : $"{head}; its last lines:\n  {string.Join("\n  ", lastLines)}\n";
    }
}
