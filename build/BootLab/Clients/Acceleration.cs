using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Clients;

/// <summary>How QEMU runs a client's processor.</summary>
internal enum Acceleration
{
    /// <summary>On this machine's processor.</summary>
    Kvm,

    /// <summary>By translation: some ten times slower, works anywhere.</summary>
    Tcg,
}

/// <summary>The names that people use.</summary>
internal static class AccelerationNames
{
    /// <summary>For reports.</summary>
    public static string Name(this Acceleration acceleration) => acceleration == Acceleration.Kvm ? "KVM" : "TCG, without KVM";
}

/// <summary>Finds out what this machine can do.</summary>
internal static class AccelerationProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether KVM truly works. That <c>/dev/kvm</c> opens says nothing inside a virtual machine, so a guest's firmware
    /// has to come up under it.
    /// </summary>
    public static async Task<Acceleration> FindAsync(ToolRunner tools, CancellationToken cancellation)
    {
        if (!File.Exists("/dev/kvm") || !HasVirtualisation())
        {
            return Acceleration.Tcg;
        }

        var spoke = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new StringBuilder();
        try
        {
            await using var guest = await tools.StartAsync(
                new ToolCommand("qemu-system-x86_64", "-nodefaults", "-display", "none", "-vga", "none", "-machine", "pc,graphics=off", "-accel", "kvm", "-m", "64", "-serial", "stdio"),
                bytes =>
                {
                    if (said.Append(Encoding.ASCII.GetString(bytes.Span)).ToString().Contains("SeaBIOS", StringComparison.Ordinal))
                    {
                        spoke.TrySetResult();
                    }
                }).ConfigureAwait(false);
            await Task.WhenAny(spoke.Task, guest.Exited, Task.Delay(Limit, cancellation)).ConfigureAwait(false);
        }
        catch (BuildFailedException)
        {
            // QEMU is missing: the client's start will say so.
        }

        return spoke.Task.IsCompletedSuccessfully ? Acceleration.Kvm : Acceleration.Tcg;
    }

    private static bool HasVirtualisation()
        => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal)) is { } flags
            && flags.Split(' ').Any(f => f is "vmx" or "svm");
}
