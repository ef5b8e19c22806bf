using Dom0Image.Diagnostics;

namespace Dom0Image.Processes;

/// <summary>A host tool failed; carries the command and its last lines.</summary>
internal sealed class ToolFailedException : BuildFailedException
{
    /// <summary>Creates the failure of <paramref name="command"/>.</summary>
    public ToolFailedException(ToolCommand command, int exitCode, IReadOnlyList<string> lastLines)
        : base(new Diagnostic(Describe(command, exitCode, lastLines)) { Hint = command.Hint })
    {
        Command = command;
        ExitCode = exitCode;
        LastLines = lastLines;
    }

    /// <summary>The command that failed.</summary>
    public ToolCommand Command { get; }

    /// <summary>Its exit code; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode { get; }

    /// <summary>The last lines of its output and error output, oldest first.</summary>
    public IReadOnlyList<string> LastLines { get; }

    private static string Describe(ToolCommand command, int exitCode, IReadOnlyList<string> lastLines)
    {
        var head = $"'{command}' failed with exit code {exitCode}";
        return lastLines.Count == 0 ? head : $"{head}; its last lines:\n  {string.Join("\n  ", lastLines)}\n";
    }
}
