using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.HostTools;

/// <summary>
/// Keeps package scripts from starting servers: they ask <c>/usr/sbin/policy-rc.d</c>, and in a mount namespace of their
/// own they find there one that says no. The host's own file is never touched. Where it has none, an empty file that is not
/// executable gives the mount its place; Debian's scripts ignore such a file, so that it does no harm if we are killed.
/// </summary>
internal sealed class QuietServers : IDisposable
{
    private const string Policy = "/usr/sbin/policy-rc.d";

    private const string Script = """
        mount --bind "$1" "$2"
        shift 2
        exec "$@"
        """;

    private readonly string _refusal;

    /// <summary>Prepares the refusal.</summary>
    /// <param name="scratch">A directory for it, on a file system that allows programs to run.</param>
    public QuietServers(string scratch)
    {
        _refusal = Path.Combine(scratch, $"policy-rc.d-{Guid.NewGuid():N}");
        File.WriteAllText(_refusal, "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(_refusal, PublicModes.Directory);
        if (!File.Exists(Policy))
        {
            File.WriteAllText(Policy, "");
            File.SetUnixFileMode(Policy, PublicModes.File);
        }
    }

    /// <summary>The command, run so that no server starts.</summary>
    public ToolCommand Wrap(ToolCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return IsolatedScript.WithOwnMounts(command, Script, _refusal, Policy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_refusal);
        var policy = new FileInfo(Policy);
        if (policy is { Exists: true, Length: 0, LinkTarget: null } && (policy.UnixFileMode & UnixFileMode.UserExecute) == 0)
        {
            policy.Delete();
        }
    }
}
