using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Benchmarks;

/// <summary>
/// Planted in a root that is booted for a measurement: tells on the console, by the client's clock, when init began and when the SSH
/// server and then <c>xl info</c> had answered. There is no log-in prompt before that, so that the boot does not end too early.
/// </summary>
internal static partial class AnswerProbe
{
    private const string Place = "usr/lib/dom0image/bench-answers";
    private const string Getty = "usr/sbin/agetty";

    private const string Script =
        """
        #!/bin/bash
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        until [ -r /proc/uptime ] && mkfifo /run/bench-gate 2>/dev/null; do sleep 0.1; done
        exec 9<>/run/bench-gate
        began=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\] Run .* as init process.*/\1/p')
        until (exec 3<>/dev/tcp/127.0.0.1/22 && read -r -t 10 line <&3 && [[ $line == SSH-* ]]) 2>/dev/null; do sleep 0.3; done
        until xl info >/dev/null 2>&1; do sleep 0.3; done
        read -r now _ </proc/uptime
        echo "bench-answers: init $began, answered $now" >/dev/console
        >/run/bench-answered
        for terminal in {1..64}; do echo; done >&9
        exec sleep 2147483647

        """;

    private const string Unit =
        """
        [Unit]
        DefaultDependencies=no
        [Service]
        ExecStart=/usr/lib/dom0image/bench-answers

        """;

    // Each waits for a line of its own: terminals that looked again and again would slow down what is measured, and the more so the
    // more of them there are.
    private const string PatientGetty =
        """
        #!/bin/sh
        until [ -e /run/bench-answered ]; do
            if [ -p /run/bench-gate ]; then read -r _ </run/bench-gate; else sleep 1; fi
        done
        exec /usr/sbin/agetty.real "$@"

        """;

    /// <summary>Plants it, for either init.</summary>
    /// <param name="root">A copy of an image's root that may be changed.</param>
    public static void Plant(string root)
    {
        Write(Path.Combine(root, Place), Script, PublicModes.Program);
        File.Move(Path.Combine(root, Getty), Path.Combine(root, Getty + ".real"));
        Write(Path.Combine(root, Getty), PatientGetty, PublicModes.Program);
        var inittab = Path.Combine(root, "etc/inittab");
        if (File.Exists(inittab))
        {
            File.WriteAllText(inittab, $"ba::sysinit:/{Place} &\n{File.ReadAllText(inittab)}");
            return;
        }

        const string Name = "bench-answers.service";
        var units = Path.Combine(root, "usr/lib/systemd/system");
        Write(Path.Combine(units, Name), Unit, PublicModes.File);
        File.CreateSymbolicLink(Path.Combine(units, "sysinit.target.wants", Name), $"../{Name}");
    }

    /// <summary>From init's start until both answered.</summary>
    /// <param name="console">What the client said on its serial line.</param>
    /// <exception cref="BuildFailedException">It did not tell.</exception>
    public static TimeSpan Read(string console)
        => Told().Match(console) is { Success: true } told
            ? TimeSpan.FromSeconds(Seconds(told, "answered") - Seconds(told, "init"))
            : throw new BuildFailedException(new Diagnostic("benchmark: the client did not tell when it answered"));

    private static double Seconds(Match told, string what) => double.Parse(told.Groups[what].Value, CultureInfo.InvariantCulture);

    private static void Write(string file, string text, UnixFileMode mode)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, mode);
    }

    [GeneratedRegex("bench-answers: init (?<init>[0-9.]+), answered (?<answered>[0-9.]+)")]
    private static partial Regex Told();
}
