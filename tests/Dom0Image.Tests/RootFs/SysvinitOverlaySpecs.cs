using System.Diagnostics;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.RootFs;

/// <summary>What Debian's boot scripts do on a client, whose settings come from the overlay.</summary>
internal sealed class SysvinitOverlaySpecs
{
    private static readonly string Settings = File.ReadAllText(Path.Combine(Checkout.Root, "overlays/sysvinit/etc/default/rcS"));
    private static readonly string ShippedFstab = File.ReadAllText(Path.Combine(Checkout.Root, "overlays/base/etc/fstab"));

    private static IEnumerable<string> ForDisks => ["checkroot.sh", "checkfs.sh", "mountall.sh", "checkroot-bootclean.sh", "mountall-bootclean.sh", "mountnfs-bootclean.sh"];

    [TestCaseSource(nameof(ForDisks))]
    public void I_boot_without_waiting_for_disks_that_a_client_has_not(string script)
        => Assert.That(Run(script, ShippedFstab, "start"), Is.Empty);

    [TestCaseSource(nameof(ForDisks))]
    public void I_get_a_disk_of_my_own_checked_and_mounted_when_I_name_it(string script)
        => Assert.That(Run(script, ShippedFstab + "/dev/sda2 none swap sw 0 0\n", "start"), Is.EqualTo("ran none\n"));

    [TestCase("mountkernfs.sh", "start")]
    [TestCase("rc", "S")]
    [TestCase("hwclock.sh", "start")]
    [TestCase("checkroot.sh", "stop")]
    public void I_keep_what_a_client_needs(string script, string argument)
        => Assert.That(Run(script, ShippedFstab, argument), Is.EqualTo("ran none\n"));

    // As Debian's scripts do: the settings are read by the script, under its own name.
    private static string Run(string script, string fstab, string argument)
    {
        using var directory = new TempDirectory();
        var table = directory.Write("fstab", fstab);
        var settings = directory.Write("rcS", Settings.Replace("/etc/fstab", table, StringComparison.Ordinal));
        var path = directory.Write(script, $". {settings}\necho ran $FSCKTYPES\n");
        using var process = Process.Start(new ProcessStartInfo("sh", [path, argument]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : $"exit code {process.ExitCode}";
    }
}
