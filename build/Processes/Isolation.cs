using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.Processes;

/// <summary>
/// Namespaces of a tool's own. The words that make them are one thing, and may get lost on the way; the look with which all that
/// starts in them begins is another. There is no other way to have the first, and none without the second: where it finds that a
/// namespace is this process's, nothing is done.
/// </summary>
internal sealed record Isolation
{
    // $1 the machine's, which these must not be. A mount namespace of its own is not enough: where its mounts are shared, what is
    // mounted there appears on the machine, too. 125 is how env(1) and chroot(1) say that it is they themselves that failed.
    private const string Look =
        """
        refuse() {
          echo "$1; expected namespaces apart from the machine's, nothing was done. This is a fault of the program" >&2
          exit 125
        }
        set -f
        [ -n "${1:-}" ] || refuse "this was not told the machine's namespaces"
        for outside in $1; do
          case $outside in [a-z]*:\[*[0-9]\]) ;; *) refuse "'$outside' is no namespace of the machine's" ;; esac
          own=$(readlink "/proc/self/ns/${outside%%:*}") || refuse "this cannot see its own ${outside%%:*} namespace"
          [ "$own" != "$outside" ] || refuse "this is in $own, which is the machine's"
          case $own in mnt:*) ! grep -q ' shared:' /proc/self/mountinfo || refuse "what this mounts would be shared with the machine" ;; esac
        done
        set +f
        shift

        """;

    // A tool that signals its process group (mmdebstrap does, when it fails) must not signal ours.
    private static readonly ImmutableArray<string> OwnSession = ["setsid", "--"];

    private static readonly ImmutableArray<string> MountsAndProcesses = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--"];

    private readonly ImmutableArray<string> _kinds;

    private Isolation(ImmutableArray<string> makers, ImmutableArray<string> kinds)
    {
        Makers = makers;
        _kinds = kinds;
    }

    /// <summary>Mounts of its own alone.</summary>
    public static Isolation Mounts { get; } = new(["unshare", "--mount", "--propagation", "private", "--"], ["mnt"]);

    /// <summary>Mounts and processes: what it mounts is seen nowhere else, it sees no process but its own, and what it starts ends with it.</summary>
    public static Isolation Processes { get; } = new(["unshare", .. MountsAndProcesses], ["mnt", "pid"]) { Between = OwnSession };

    /// <summary>The same with a network of its own, in which nothing is up.</summary>
    public static Isolation Network { get; } = new(["unshare", "--net", .. MountsAndProcesses], ["mnt", "pid", "net"]) { Between = OwnSession };

    /// <summary>The same for a process that holds the namespaces for others, and hears the same signals as this one.</summary>
    public static Isolation Held { get; } = Network with { Between = [] };

    /// <summary>Mounts, processes, a host name and shared memory of its own, for people's own commands; the network is the machine's.</summary>
    public static Isolation Session { get; } = new(["unshare", "--uts", "--ipc", .. MountsAndProcesses], ["mnt", "pid", "uts", "ipc"]) { Between = OwnSession };

    /// <summary>The program and arguments that make the namespaces and start what follows.</summary>
    internal ImmutableArray<string> Makers { get; init; }

    /// <summary>What is started in the namespaces before the tool, and starts it.</summary>
    internal ImmutableArray<string> Between { get; init; } = [];

    /// <summary>The same kinds of namespaces, made by a process that is in the mounts of another one.</summary>
    /// <param name="process">That one.</param>
    public Isolation OverMountsOf(int process) => this with { Makers = ["nsenter", $"--target={Text(process)}", "--mount", "--", .. Makers] };

    /// <summary>Those that a process holds that was started with these.</summary>
    /// <param name="process">That one.</param>
    /// <param name="root">Directory that is the tool's <c>/</c>, or null for the process's.</param>
    public Isolation HeldBy(int process, string? root) => this with
    {
        // nsenter starts the tool as a child of its own, which our death does not reach.
        Makers =
        [
            "nsenter", $"--target={Text(process)}", "--net", "--mount", $"--pid=/proc/{Text(process)}/ns/pid_for_children", "--",
            "setpriv", "--pdeathsig", "KILL", "--",
        ],
        Between = root is null ? [] : ["chroot", root],
    };

    /// <summary>Sees that a process that was started with these holds them, before others enter what it holds.</summary>
    /// <param name="process">That one.</param>
    /// <exception cref="Diagnostics.BuildFailedException">One is this process's.</exception>
    public void RequireHeldBy(int process) => Namespaces.RequireApart(process, _kinds.Select(kind => kind == "pid" ? "pid_for_children" : kind));

    /// <summary>A shell's words for a script that first looks where it is, whoever started it; its arguments go after them.</summary>
    /// <param name="script">For a POSIX shell, which ends at its first failure.</param>
    public ImmutableArray<string> Words(string script) => ["sh", "-euc", Look + script, "sh", string.Join(' ', Namespaces.Own(_kinds))];

    /// <summary>The words that start a program and its arguments in the namespaces.</summary>
    public IEnumerable<string> Around(IEnumerable<string> command) => [.. Makers, .. Words("exec \"$@\""), .. Between, .. command];

    private static string Text(int process) => process.ToString(CultureInfo.InvariantCulture);
}
