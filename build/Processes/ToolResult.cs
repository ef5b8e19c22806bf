namespace Dom0Image.Processes;

/// <summary>How a tool that succeeded ended.</summary>
/// <param name="ExitCode">One of the command's success codes.</param>
/// <param name="Output">Its standard output, whole; error output goes to the log only.</param>
internal sealed record ToolResult(int ExitCode, string Output)
{
    /// <summary>The output's lines, without empty ones.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
