using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Dom0Image.Diagnostics;

namespace Dom0Image.Processes;

/// <summary>Starts a program whose input and output are this one's own.</summary>
internal static class TerminalProcess
{
    /// <param name="argv">Program and arguments.</param>
    /// <param name="environment">Variables added to, or with a null value removed from, the environment.</param>
    /// <exception cref="BuildFailedException">It cannot be started.</exception>
    public static Process Start(ImmutableArray<string> argv, ImmutableDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(argv[0], argv.Skip(1));
        foreach (var (name, value) in environment.ContainsKey("PATH") ? environment : environment.Add("PATH", ToolPath.Value))
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new BuildFailedException(new Diagnostic($"cannot start '{argv[0]}': {problem.Message}"), problem);
        }
    }
}
