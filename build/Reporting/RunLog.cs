using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Reporting;

/// <summary>Places of this run's logs: a directory of its own in the store, made when it is first asked for.</summary>
internal sealed class RunLog
{
    private readonly Lazy<string> _directory;

    /// <summary>Logs below <paramref name="logs"/>; those of earlier runs go when there are too many.</summary>
    public RunLog(string logs) => _directory = new Lazy<string>(() => Make(logs));

    /// <summary>The directory.</summary>
    /// <exception cref="BuildFailedException">It cannot be made.</exception>
    public string Directory => _directory.Value;

    /// <summary>The log of all tools.</summary>
    public string ToolLog => Path.Combine(Directory, "tools.log");

    /// <summary>The log of all tools, or null when nothing was logged in this run.</summary>
    public string? ToolLogIfAny => _directory.IsValueCreated ? ToolLog : null;

    private static string Make(string logs)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}");
        try
        {
            System.IO.Directory.CreateDirectory(logs);
            // Tools say much of a site that is not for everybody who has an account here. Logs of earlier versions were open.
            File.SetUnixFileMode(logs, PrivateModes.Directory);
            var directory = System.IO.Directory.CreateDirectory(Path.Combine(logs, name), PrivateModes.Directory).FullName;
            foreach (var old in System.IO.Directory.GetDirectories(logs).Order(StringComparer.Ordinal).SkipLast(Retention.RunsKept))
            {
                System.IO.Directory.Delete(old, recursive: true);
            }

            return directory;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BuildFailedException(
                new Diagnostic($"cannot write logs to {logs}: {problem.Message}") { Hint = "Run as root, or choose another place with --store=DIR." },
                problem);
        }
    }
}
