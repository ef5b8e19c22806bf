using System.Diagnostics;
using Dom0Image.RootFs;

namespace Dom0Image.Tests.RootFs;

/// <summary>
/// Runs an image's scripts for real: in a chroot to the image, which is read-only, in mount and PID namespaces of its own,
/// with this machine's shell and tools and with a <c>reboot</c> and a <c>sleep</c> that only say that they were called.
/// </summary>
internal sealed record RamTreeRun(int ExitCode, string Output, string After)
{
    // $1 is the image's root, $2 commands before, $3 commands after the script; $4... the script. /host holds the tools.
    private const string Inside = """
        set -e
        root=$1; before=$2; after=$3; shift 3
        mount --make-rprivate /
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

        using var process = Process.Start(new ProcessStartInfo("timeout", ["--signal=KILL", "60", "unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--", "sh", "-c", Inside, "sh", image.Root, before, after, .. scripts])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var parts = process.StandardOutput.ReadToEnd().Split("== after\n");
        process.WaitForExit();
        Assert.That(parts, Has.Length.EqualTo(2), () => $"the run itself failed: {string.Concat(parts)}{errors.Result}");
        return new RamTreeRun(process.ExitCode, parts[0], parts[1]);
    }
}
