using System.Diagnostics;
using Dom0Image.Boot.Servers;
using Dom0Image.BootLab.Network;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Processes;

namespace Dom0Image.TestHost;

/// <summary>
/// Stands for a machine, in namespaces of its own, on which something runs without one of its isolations after the other. Says what each
/// run came to, and whether the machine is as it was.
/// </summary>
internal static class IsolationScenario
{
    // As on a machine whose init is systemd, mounts are shared. The disk is the real machine's, and cannot be written: a script that
    // goes on where it should not have may write anywhere.
    private const string SetUp =
        """
        mount --make-rshared /
        mount -t tmpfs tmpfs /tmp
        mkdir /tmp/upper /tmp/work
        mount -t overlay -o lowerdir=/usr/sbin,upperdir=/tmp/upper,workdir=/tmp/work overlay /usr/sbin
        mount -o remount,bind,ro /
        """;

    // $1 a process of the machine's, $2 what it is to be kept from.
    private const string Harm =
        """
        case $2 in *mnt*) mount -t tmpfs harm /mnt || : ;; esac
        case $2 in *net*) ip link add harm type bridge || : ;; esac
        case $2 in *pid*) kill -KILL "$1" || : ;; esac
        """;

    /// <param name="outside">Namespaces of the real machine; the scenario does not start in any of them.</param>
    /// <param name="what">What runs: the place of a server's file, or a word of <see cref="RunsAsync"/>.</param>
    /// <param name="file">Content of the server's file.</param>
    /// <param name="taken">What is taken away, each in a run of its own.</param>
    public static async Task RunAsync(string outside, string what, string file, string[] taken)
    {
        if (Namespaces.Own("mnt", "net", "pid").Any(outside.Split(' ').Contains))
        {
            throw new InvalidOperationException("this is the real machine");
        }

        var text = await File.ReadAllTextAsync(file);
        await new ToolRunner().RunAsync(new ToolCommand("sh", "-euc", SetUp));
        Environment.CurrentDirectory = "/tmp";
        using var process = Process.Start("sleep", "600");
        foreach (var one in taken)
        {
            var before = await StateAsync(process);
            Console.WriteLine($"{one}: {await RunsAsync(what, text, $"{process.Id}", one)}");
            if (await StateAsync(process) != before)
            {
                Console.WriteLine($"without {one} the machine was changed");
            }
        }

        process.Kill();
    }

    private static async Task<string> RunsAsync(string what, string text, string process, string taken)
    {
        try
        {
            switch (what)
            {
                case "script":
                    await RunAsync(IsolatedScript.Command(Harm, process, "mnt pid"), taken);
                    break;
                case "script without network":
                    await RunAsync(IsolatedScript.CommandWithoutNetwork(Harm, process, "mnt pid net"), taken);
                    break;
                case "session":
                    await RunAsync(IsolatedScript.SessionCommand(Harm + "\nprintf harm >/proc/sys/kernel/hostname", process, "mnt pid"), taken);
                    break;
                case "script with mounts":
                    await RunAsync(IsolatedScript.WithOwnMounts(new ToolCommand("true"), Harm, process, "mnt"), taken);
                    break;
                case "installation":
                    using (var quiet = new QuietServers(Path.GetTempPath()))
                    {
                        await RunAsync(quiet.Wrap(new ToolCommand("true")), taken);
                    }

                    break;
                case "tool":
                    await RunAsync(new ToolCommand("sh", "-euc", Harm, "sh", process, "mnt pid") { Isolation = Isolation.Processes }, taken);
                    break;
                case "lab":
                    await (await LabNamespace.StartAsync(new ToolRunner(), Without(Isolation.Held, taken), default)).DisposeAsync();
                    break;
                case "mounts of labs":
                    await (await LabNamespace.StartAsync(new ToolRunner(), Without(Isolation.Mounts, taken), default)).DisposeAsync();
                    break;
                case "command in a lab":
                    await using (var lab = await LabNamespace.StartAsync(new ToolRunner(), default))
                    {
                        await RunAsync(lab.Inside(new ToolCommand("sh", "-euc", Harm, "sh", process, "mnt net pid")), taken);
                    }

                    break;
                default:
                    await RunAsync(ServerFiles.At(what).Check.Command(what, text), taken);
                    break;
            }

            return "done";
        }
        catch (ToolFailedException refusal)
        {
            // Its message holds the script, and with it each word that could be looked for.
            return string.Join(' ', refusal.LastLines);
        }
        catch (BuildFailedException refusal)
        {
            return refusal.Message.ReplaceLineEndings(" ");
        }
    }

    private static Task<ToolResult> RunAsync(ToolCommand command, string taken) => new ToolRunner().RunAsync(taken switch
    {
        "all" => command with { Isolation = null },
        // After -euc, the script and its name.
        "knowledge" => command with { Arguments = command.Arguments.RemoveAt(3) },
        _ => command with { Isolation = Without(command.Isolation!, taken) },
    });

    private static Isolation Without(Isolation isolation, string taken) => taken switch
    {
        "nothing" => isolation,
        "namespaces" => isolation with { Makers = [] },
        "propagation" => isolation with { Makers = isolation.Makers.Replace("private", "unchanged") },
        _ => isolation with
        {
            Makers = isolation.Makers.RemoveAll(word => taken switch
            {
                "mnt" => word is "--mount" or "--propagation" or "private" or "--mount-proc",
                "net" => word is "--net",
                "uts" => word is "--uts",
                "ipc" => word is "--ipc",
                "pid" => word is "--pid" or "--fork" or "--kill-child=KILL" or "--mount-proc" || word.StartsWith("--pid=", StringComparison.Ordinal),
                _ => throw new ArgumentException($"nothing is called '{taken}'"),
            }),
        },
    };

    private static async Task<string> StateAsync(Process process)
        => await File.ReadAllTextAsync("/proc/self/mountinfo")
            + await File.ReadAllTextAsync("/proc/sys/kernel/hostname")
            + (await new ToolRunner().RunAsync(new ToolCommand("ip", "-oneline", "address"))).Output
            + (process.HasExited ? "killed" : "alive");
}
