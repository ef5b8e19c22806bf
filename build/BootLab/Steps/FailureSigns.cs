using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Steps;

/// <summary>What a boot that cannot go on any more writes, so that a test need not wait for the step's time limit.</summary>
internal static partial class FailureSigns
{
    /// <summary>What the line says went wrong; null when it is no sign of an end.</summary>
    public static string? Read(string line) => Pattern().Match(line) is { Success: true } match ? match.Value.Trim() : null;

    [GeneratedRegex(
        "Kernel panic - not syncing.*|VFS: Unable to mount root fs via NFS.*"
        + @"|\(XEN\) Panic on CPU.*"
        + "|dom0-ramtree: FAILED.*"
        + "|PXE-E[0-9A-F]+.*|No configuration methods succeeded.*|Nothing to boot.*|No bootable device.*|TFTP error.*|No more network devices.*"
        + "|^error: .*not found.*|^error: .*time ?out.*|Could not start \\S+ from .*|Dom0Image: .* has no menu for.*|has no menu '.*|^error: couldn't .*|^error: no such device.*"
        + "|Give root password for maintenance.*|You are in emergency mode.*")]
    private static partial Regex Pattern();
}
