namespace Dom0Image.Processes;

/// <summary>
/// A shell script that mounts, starts or ends what is not ours, in namespaces of its own. It looks for itself whether it is in them, also
/// where nothing is around it that would: one that lost its isolation on the way to its start does nothing. Scripts are constant; values
/// come as arguments or by standard input, and none is ever read by the shell.
/// </summary>
internal static class IsolatedScript
{
    /// <summary>The script with mounts and processes of its own.</summary>
    /// <param name="script">For a POSIX shell, which ends at its first failure.</param>
    /// <param name="arguments">What it has as <c>$1</c> and so on.</param>
    public static ToolCommand Command(string script, params string[] arguments) => In(Isolation.Processes, script, arguments);

    /// <summary>The same with a network of its own, in which nothing is up.</summary>
    public static ToolCommand CommandWithoutNetwork(string script, params string[] arguments) => In(Isolation.Network, script, arguments);

    /// <summary>The same with a host name and shared memory of its own, too, for what is not ours to vouch for.</summary>
    public static ToolCommand SessionCommand(string script, params string[] arguments) => In(Isolation.Session, script, arguments);

    /// <summary>The same with mounts of its own alone; at its end the script starts the command, which it has after its arguments.</summary>
    public static ToolCommand WithOwnMounts(ToolCommand command, string script, params string[] arguments)
    {
        var before = In(Isolation.Mounts, script, arguments);
        return command with { Program = before.Program, Arguments = [.. before.Arguments, command.Program, .. command.Arguments], Isolation = before.Isolation };
    }

    private static ToolCommand In(Isolation isolation, string script, string[] arguments)
    {
        var words = isolation.Words(script);
        return new ToolCommand(words[0], words[1..]).With(arguments) with { Isolation = isolation };
    }
}
