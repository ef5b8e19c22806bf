using System.Collections.Immutable;

namespace Dom0Image.Recipes;

/// <summary>Who makes processors that take microcode from an operating system.</summary>
internal enum CpuVendor
{
    Amd,

    Intel,
}

/// <summary>What Debian and the kernel know of a vendor's microcode.</summary>
/// <param name="Vendor">The vendor.</param>
/// <param name="Word">As recipes write it.</param>
/// <param name="Package">The package that holds it.</param>
/// <param name="Directory">Directory of firmware that holds it.</param>
/// <param name="FileStart">What the names of its files there start with.</param>
/// <param name="EarlyName">Where kernel and hypervisor look for it in what the boot loader hands over.</param>
internal sealed record CpuMicrocode(CpuVendor Vendor, string Word, string Package, string Directory, string FileStart, string EarlyName)
{
    /// <summary>All vendors.</summary>
    public static readonly ImmutableArray<CpuMicrocode> All =
    [
        new(CpuVendor.Amd, "amd", "amd64-microcode", "lib/firmware/amd-ucode", "microcode_amd", "kernel/x86/microcode/AuthenticAMD.bin"),
        new(CpuVendor.Intel, "intel", "intel-microcode", "lib/firmware/intel-ucode", "", "kernel/x86/microcode/GenuineIntel.bin"),
    ];

    public static CpuMicrocode Of(CpuVendor vendor) => All.Single(known => known.Vendor == vendor);
}
