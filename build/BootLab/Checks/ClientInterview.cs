using System.Globalization;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootLab.Checks;

/// <summary>
/// Has a booted client run its checks. The script and the answers go over the export of domU images, which is writable
/// and which the lab has to itself; only two commands are typed.
/// </summary>
public static class ClientInterview
{
    /// <summary>Where clients mount the images while they are tested; every Debian root has it.</summary>
    public const string MountPoint = "/mnt";

    private static readonly TimeSpan MountLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BootEndLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(120);

    /// <summary>Runs the checks.</summary>
    /// <param name="shell">A root shell on the client.</param>
    /// <param name="plan">What it is held against.</param>
    /// <param name="images">The export's directory on this machine.</param>
    /// <param name="slowness">Factor for the time limits.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task<ClientTestimony> HoldAsync(ClientShell shell, CheckPlan plan, string images, double slowness, CancellationToken cancellation)
    {
        var directory = Path.Combine(images, plan.HostName);
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "check.sh"), CheckScript.For(plan, BootEndLimit * slowness), cancellation).ConfigureAwait(false);
        var mounted = await shell.RunAsync(ImagesMount.Command(plan.Server, MountPoint), MountLimit * slowness, cancellation).ConfigureAwait(false);
        if (mounted.ExitCode != 0)
        {
            return Failed("imgs-mounted", string.Join("; ", mounted.Lines));
        }

        var there = $"{MountPoint}/{plan.HostName}";
        await shell.RunAsync($"sh {there}/check.sh >{there}/answers 2>{there}/errors; sync", (BootEndLimit + CheckLimit) * slowness, cancellation).ConfigureAwait(false);
        var answers = Path.Combine(directory, "answers");
        if (!File.Exists(answers))
        {
            return Failed("imgs-writable", "the client could not write to the images' export");
        }

        var testimony = ClientTestimony.Read(await File.ReadAllLinesAsync(answers, cancellation).ConfigureAwait(false));
        return testimony with { Checks = [.. testimony.Checks, Clock(testimony), new CheckResult("all-checks-run", testimony.Complete, "")] };
    }

    private static ClientTestimony Failed(string check, string detail) => new([new CheckResult(check, false, detail)], System.Collections.Immutable.ImmutableDictionary<string, string>.Empty, Complete: false);

    // The client has its time from its clock chip; five minutes is what a slow, busy machine may lose meanwhile.
    private static CheckResult Clock(ClientTestimony testimony)
    {
        var read = long.TryParse(testimony.Facts.GetValueOrDefault("clock"), CultureInfo.InvariantCulture, out var seconds);
        var off = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds;
        return new CheckResult("clock", read && Math.Abs(off) < 300, read ? $"{off} s behind" : "it told no time");
    }
}
