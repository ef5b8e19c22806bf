using System.Diagnostics;
using System.Text;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Tests.RootFs;

/// <summary>
/// Runs an image's scripts for real: in a chroot to the image, which is read-only, in mount and PID namespaces of its own,
/// with this machine's shell and tools and with a <c>reboot</c> and a <c>sleep</c> that only say that they were called.
/// </summary>
internal sealed record RamTreeRun(int ExitCode, string Output, string After)
{
    /// <summary>The pieces, each ended by a NUL, that the commands after the script wrote; names in them are bytes.</summary>
    public required string[] Pieces { get; init; }

    // $1 is the image's root, $2 commands before, $3 commands after the script; $4... the script. /host holds the tools.
    private const string Inside = """
        set -e
        root=$1; before=$2; after=$3; shift 3
        mount --bind "$root" "$root"
        mount --bind /usr "$root/host"
        mount -o remount,bind,ro "$root/host"
        mount -o remount,bind,ro "$root"
        mount -t proc proc "$root/proc"
        cd "$root"
        eval "$before"
        code=0
        for script; do
            chroot "$root" /bin/dash "$script" start 2>&1 || code=$?
        done
        echo "== after"
        chroot "$root" /bin/dash -c "$after" 2>&1 || :
        exit "$code"
        """;

    public static RamTreeRun Start(TestImage image, string after = ":", string before = ":", params string[] scripts)
    {
        foreach (var path in new[] { "/host", "/proc", "/dev", "/sbin", "/run" })
        {
            image.Dir(path, TestImage.Mode("0755"));
        }

        foreach (var (link, target) in new[] { ("/bin", "host/bin"), ("/lib", "host/lib"), ("/lib64", "host/lib64") })
        {
            if (image.Find(link) is null)
            {
                image.Link(link, target);
            }
        }

        image.File("/sbin/reboot", "#!/bin/sh\necho \"reboot called: $*\"\n", TestImage.Mode("0755"));
        image.File("/sbin/sleep", "#!/bin/sh\necho \"sleep called: $*\"\n", TestImage.Mode("0755"));
        scripts = scripts.Length > 0 ? scripts : ["/etc/init.d/" + RamTreeScripts.RamTree];

        using var process = Process.Start(new ProcessStartInfo("timeout", ["--signal=KILL", "60", .. Isolation.Processes.Around(["sh", "-c", Inside, "sh", image.Root, before, after, .. scripts])])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // Byte by byte, for names that are no text.
            StandardOutputEncoding = Encoding.Latin1,
        })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var parts = process.StandardOutput.ReadToEnd().Split("== after\n");
        process.WaitForExit();
        Assert.That(parts, Has.Length.EqualTo(2), () => $"the run itself failed: {string.Concat(parts)}{errors.Result}");
        return new RamTreeRun(process.ExitCode, Text(parts[0]), Text(parts[1]))
        {
            Pieces = [.. parts[1].Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(piece => ByteName.FromBytes(Encoding.Latin1.GetBytes(piece)))],
        };

        static string Text(string output) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(output));
    }
}
