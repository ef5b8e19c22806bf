namespace Dom0Image.Processes;

/// <summary>
/// A shell script that mounts, starts or ends what is not ours, in namespaces of its own. Before anything else it sees for itself that
/// they are: a command that lost its isolation on the way to its start does nothing. Scripts are constant; values come as arguments or by
/// standard input, and none is ever read by the shell.
/// </summary>
internal static class IsolatedScript
{
    private const string Outside = "DOM0IMAGE_OUTSIDE";

    private const string Guard =
        """
        set -f
        for outside in ${DOM0IMAGE_OUTSIDE:?}; do
          own=$(readlink "/proc/self/ns/${outside%%:*}")
          if [ "$own" = "$outside" ]; then
            echo "this script was to have namespaces of its own, and $own is the machine's; nothing was done" >&2
            exit 1
          fi
        done
        set +f
        unset DOM0IMAGE_OUTSIDE

        """;

    /// <summary>The script with mounts and processes of its own.</summary>
    /// <param name="script">For a POSIX shell, which ends at its first failure.</param>
    /// <param name="arguments">What it has as <c>$1</c> and so on.</param>
    public static ToolCommand Command(string script, params string[] arguments)
        => Guarded(new ToolCommand("sh", Words(script)).With(arguments) with { Isolated = true }, "mnt", "pid");

    /// <summary>The same with a network of its own, in which nothing is up.</summary>
    public static ToolCommand CommandWithoutNetwork(string script, params string[] arguments)
        => Guarded(new ToolCommand("unshare", "--net", "--", "sh").With(Words(script)).With(arguments) with { Isolated = true }, "mnt", "pid", "net");

    /// <summary>The same with mounts of its own alone; at its end the script starts the command, which it has after its arguments.</summary>
    public static ToolCommand WithOwnMounts(ToolCommand command, string script, params string[] arguments)
        => Guarded(command with { Program = "unshare", Arguments = ["--mount", "--propagation", "private", "--", "sh", .. Words(script), .. arguments, command.Program, .. command.Arguments] }, "mnt");

    private static string[] Words(string script) => ["-euc", Guard + script, "sh"];

    private static ToolCommand Guarded(ToolCommand command, params string[] apart) => command.WithEnvironment(Outside, string.Join(' ', Namespaces.Own(apart)));
}
