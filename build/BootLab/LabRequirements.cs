using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;

namespace Dom0Image.BootLab;

/// <summary>What a lab takes of this machine besides packages: told before anything is built, not an hour later.</summary>
internal static class LabRequirements
{
    /// <summary>The kernel's door to the network cards of virtual machines.</summary>
    private const string TapDevice = "/dev/net/tun";

    /// <summary>The kernel's door to loop devices, on which what the lab exports is mounted.</summary>
    private const string LoopDevices = "/dev/loop-control";

    // Seen with QEMU 7.2 without KVM: 1.3 GB for a client of 1 GiB.
    private const long MegabytesPerClient = 1300;

    /// <summary>Refuses a machine that cannot run a boot test.</summary>
    /// <param name="clients">How many clients boot at once.</param>
    /// <exception cref="BuildFailedException">Names what is missing.</exception>
    public static void Require(int clients)
    {
        var missing = Missing(clients, File.Exists(TapDevice), File.Exists(LoopDevices), ReadMegabytes(File.ReadLines("/proc/meminfo")));
        if (!missing.IsEmpty)
        {
            throw new BuildFailedException(missing);
        }
    }

    /// <summary>How many clients this machine runs side by side as fast as one: a processor and memory for each.</summary>
    public static int ClientsAtOnce() => ClientsAtOnce(Environment.ProcessorCount, ReadMegabytes(File.ReadLines("/proc/meminfo")));

    /// <summary>How many clients a machine runs side by side as fast as one.</summary>
    /// <param name="processors">Its processors.</param>
    /// <param name="megabytes">Memory that is available.</param>
    internal static int ClientsAtOnce(int processors, long megabytes) => (int)Math.Clamp(megabytes / MegabytesPerClient, 1, processors);

    /// <summary>What is missing.</summary>
    /// <param name="clients">How many clients boot at once.</param>
    /// <param name="taps">Whether the machine can make taps.</param>
    /// <param name="loops">Whether it has loop devices.</param>
    /// <param name="megabytes">Memory that is available.</param>
    internal static ImmutableArray<Diagnostic> Missing(int clients, bool taps, bool loops, long megabytes)
    {
        var missing = ImmutableArray.CreateBuilder<Diagnostic>();
        if (!taps)
        {
            missing.Add(new Diagnostic($"this machine has no {TapDevice}: virtual machines cannot be put on a network")
            {
                Hint = "modprobe tun; in a container, hand the device in. Or leave the boot test out: --boot-test=no",
            });
        }

        if (!loops)
        {
            missing.Add(new Diagnostic($"this machine has no {LoopDevices}: the boot test cannot mount the file systems that it exports")
            {
                Hint = "modprobe loop; in a container, hand the devices in. Or leave the boot test out: --boot-test=no",
            });
        }

        if (megabytes < clients * MegabytesPerClient)
        {
            missing.Add(new Diagnostic($"this machine has {megabytes} MB of memory available, too little to boot {clients} clients at once")
            {
                Expected = $"{clients * MegabytesPerClient} MB",
                Hint = megabytes >= MegabytesPerClient
                    ? $"--clients={megabytes / MegabytesPerClient} fits; or leave the boot test out: --boot-test=no"
                    : "Leave the boot test out: --boot-test=no",
            });
        }

        return missing.ToImmutable();
    }

    /// <summary>Reads <c>/proc/meminfo</c>.</summary>
    internal static long ReadMegabytes(IEnumerable<string> lines)
        => lines.FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024
            : long.MaxValue / 2;
}
