using System.Diagnostics;
using System.Globalization;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Storage;

/// <summary>Mount and network namespaces of a test's own, with a directory that stands for a server's root; all mounts end with it.</summary>
internal sealed class MountRoom : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly System.Diagnostics.Process _keeper;

    public MountRoom()
    {
        // sleep(1) takes the place of unshare, and has its process id.
        _keeper = System.Diagnostics.Process.Start(new ProcessStartInfo("unshare", ["--mount", "--net", "--propagation", "private", "--", "sh", "-c", "ip link set lo up && echo ready && exec sleep infinity"]) { RedirectStandardOutput = true })!;
        Assert.That(_keeper.StandardOutput.ReadLine(), Is.EqualTo("ready"));
        Namespaces.RequireApart(_keeper.Id, "mnt", "net");
    }

    /// <summary>The directory.</summary>
    public string Root => _temp.Path;

    /// <summary>A process in the namespaces.</summary>
    public string Process => _keeper.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts programs in the namespaces.</summary>
    public string[] Inside => ["nsenter", $"--mount=/proc/{Process}/ns/mnt", $"--net=/proc/{Process}/ns/net", "--"];

    /// <summary>A path below the directory, as this process sees it with the mounts of the namespace.</summary>
    public string Seen(string path) => $"/proc/{Process}/root{Root}{path}";

    /// <summary>Runs a shell's lines in the directory, in the namespaces; gives what they print.</summary>
    /// <param name="script">Constant text; values come as arguments.</param>
    /// <param name="arguments">Its <c>$1</c> and so on.</param>
    public string Sh(string script, params string[] arguments)
    {
        string[] line = [.. Inside, "sh", "-euc", $"cd '{Root}'; {script}", "sh", .. arguments];
        using var shell = System.Diagnostics.Process.Start(new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero, $"{script}: {output}{errors.Result}");
        return output.Trim();
    }

    /// <summary>Has a server's storage, below the directory, do something.</summary>
    public (int ExitCode, string Output, string Errors) Storage(string verb, params string[] arguments) => StorageKilledAt(0, verb, arguments);

    /// <summary>The same, and kills it at a step; 0 for none.</summary>
    public (int ExitCode, string Output, string Errors) StorageKilledAt(int step, string verb, params string[] arguments)
        => HostProcess.Run([.. Inside, "env", $"KILL_AT={step.ToString(CultureInfo.InvariantCulture)}"], ["storage", Root, verb, .. arguments]);

    /// <summary>Does something that must succeed; gives what it told.</summary>
    public string Done(string verb, params string[] arguments)
    {
        var (exitCode, output, errors) = Storage(verb, arguments);
        Assert.That(exitCode, Is.Zero, errors + output);
        return output;
    }

    /// <summary>Does something that must be refused; gives what it told.</summary>
    public string Refused(string verb, params string[] arguments)
    {
        var (exitCode, _, errors) = Storage(verb, arguments);
        Assert.That(exitCode, Is.EqualTo(1), errors);
        Assert.That(errors, Does.Not.Contain("   at "));
        return errors;
    }

    public void Dispose()
    {
        string[] used = [.. Sh("findmnt --noheadings --raw --output SOURCE").Split('\n').Where(source => source.StartsWith("/dev/loop", StringComparison.Ordinal)).Select(device => device.Split('[')[0])];
        _keeper.Kill();
        _keeper.WaitForExit();
        _keeper.Dispose();

        // What was set for an image outlives it; others use these devices, too.
        Array.ForEach(used, Dom0Image.Posix.LoopDevice.Forget);
        _temp.Dispose();
    }
}
