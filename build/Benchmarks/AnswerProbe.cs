using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Posix;

namespace Dom0Image.Benchmarks;

/// <summary>
/// Planted in a root that is booted for a measurement: tells on the console, by the client's clock, when init began and when the SSH
/// server and <c>xl info</c> first answered. There is no log-in prompt before that, so that the boot does not end too early.
/// </summary>
internal static partial class AnswerProbe
{
    private const string Place = "usr/lib/dom0image/bench-answers";
    private const string Getty = "usr/sbin/agetty";

    private const string Script =
        """
        #!/bin/bash
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        until [ -r /proc/uptime ]; do sleep 0.1; done
        tell() {
            [ $# = 2 ] || { read -r at _ </proc/uptime; set -- "$1" "$at"; }
            echo "bench-answers: $1 $2" >/dev/console
        }
        began=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\] Run .* as init process.*/\1/p')
        until (exec 3<>/dev/tcp/127.0.0.1/22 && read -r -t 10 line <&3 && [[ $line == SSH-* ]]) 2>/dev/null; do sleep 0.3; done
        tell sshd
        until xl info >/dev/null 2>&1; do sleep 0.3; done
        tell xl
        tell init "$began"
        >/run/bench-answered

        """;

    private const string Unit =
        """
        [Unit]
        DefaultDependencies=no
        [Service]
        ExecStart=/usr/lib/dom0image/bench-answers

        """;

    private const string PatientGetty =
        """
        #!/bin/sh
        until [ -e /run/bench-answered ]; do sleep 1; done
        exec /usr/sbin/agetty.real "$@"

        """;

    /// <summary>Plants it, for either init.</summary>
    /// <param name="root">A copy of an image's root that may be changed.</param>
    public static void Plant(string root)
    {
        Write(Path.Combine(root, Place), Script, executable: true);
        File.Move(Path.Combine(root, Getty), Path.Combine(root, Getty + ".real"));
        Write(Path.Combine(root, Getty), PatientGetty, executable: true);
        var inittab = Path.Combine(root, "etc/inittab");
        if (File.Exists(inittab))
        {
            File.WriteAllText(inittab, $"ba::sysinit:/{Place} &\n{File.ReadAllText(inittab)}");
            return;
        }

        const string Name = "bench-answers.service";
        var units = Path.Combine(root, "usr/lib/systemd/system");
        Write(Path.Combine(units, Name), Unit, executable: false);
        File.CreateSymbolicLink(Path.Combine(units, "sysinit.target.wants", Name), $"../{Name}");
    }

    /// <summary>From init's start until both answered.</summary>
    /// <param name="console">What the client said on its serial line.</param>
    public static TimeSpan Read(string console)
    {
        var told = Told().Matches(console).ToDictionary(m => m.Groups["what"].Value, m => double.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(Math.Max(told["sshd"], told["xl"]) - told["init"]);
    }

    private static void Write(string file, string text, bool executable)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, executable ? PublicModes.Directory : PublicModes.File);
    }

    [GeneratedRegex("bench-answers: (?<what>init|sshd|xl) (?<at>[0-9.]+)")]
    private static partial Regex Told();
}
