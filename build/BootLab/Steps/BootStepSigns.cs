using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Steps;

/// <summary>How a step is recognised, and how long it may take.</summary>
/// <param name="Step">The step.</param>
/// <param name="Sign">What stands on the serial line when it is reached.</param>
/// <param name="Limit">Time since the step before it, for one client on an idle machine without KVM.</param>
internal sealed record BootStepSign(BootStep Step, Regex Sign, TimeSpan Limit);

/// <summary>The signs of a boot.</summary>
internal static partial class BootStepSigns
{
    private static readonly ImmutableArray<BootStepSign> All =
    [
        new(BootStep.Firmware, FirmwareSign(), TimeSpan.FromSeconds(30)),
        new(BootStep.Loader, LoaderSign(), TimeSpan.FromSeconds(60)),
        new(BootStep.Menu, MenuSign(), TimeSpan.FromSeconds(45)),
        new(BootStep.KernelFetched, FetchedSign(), TimeSpan.FromSeconds(90)),
        new(BootStep.Xen, XenSign(), TimeSpan.FromSeconds(60)),
        new(BootStep.Kernel, KernelSign(), TimeSpan.FromSeconds(60)),
        new(BootStep.RootMounted, RootSign(), TimeSpan.FromSeconds(150)),
        new(BootStep.RamTree, RamTreeSign(), TimeSpan.FromSeconds(90)),
        new(BootStep.Udev, UdevSign(), TimeSpan.FromSeconds(60)),
        new(BootStep.Login, LoginSign(), TimeSpan.FromSeconds(180)),
    ];

    /// <summary>The steps of a boot, in order.</summary>
    /// <param name="xen">Whether it goes through the hypervisor.</param>
    public static ImmutableArray<BootStepSign> For(bool xen) => xen ? All : [.. All.Where(s => s.Step != BootStep.Xen)];

    [GeneratedRegex("SeaBIOS|iPXE|BdsDxe|UEFI|PXEv4")]
    private static partial Regex FirmwareSign();

    [GeneratedRegex("Welcome to GRUB|GNU GRUB|Dom0Image: ")]
    private static partial Regex LoaderSign();

    [GeneratedRegex(@"Loading \S+ from \S+ \.\.\.|Booting [`']")]
    private static partial Regex MenuSign();

    [GeneratedRegex(@"\(XEN\) |Xen [0-9]+\.[0-9]+|Linux version [0-9]")]
    private static partial Regex FetchedSign();

    [GeneratedRegex(@"\(XEN\).*(Serial input to DOM0|init memory)")]
    private static partial Regex XenSign();

    [GeneratedRegex("Linux version [0-9]")]
    private static partial Regex KernelSign();

    [GeneratedRegex(@"VFS: Mounted root \(nfs")]
    private static partial Regex RootSign();

    [GeneratedRegex("dom0-ramtree: ready")]
    private static partial Regex RamTreeSign();

    // systemd listens on udev's sockets long before it starts udev.
    [GeneratedRegex("events dispatcher|Start(ing|ed) .*(systemd-udevd|Rule-based Manager)")]
    private static partial Regex UdevSign();

    // The kernel, Xen and services that still start may write right behind the prompt, or just before it on its line.
    [GeneratedRegex(@"^(?!Last )[\w.-]+ login: |(?<!Last )login: ($|\[|\(XEN\))")]
    private static partial Regex LoginSign();
}
