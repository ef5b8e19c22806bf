using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Kernels;

/// <summary>Checks that a kernel can boot a disk-less client at all, from its finished configuration.</summary>
internal static class KernelRequirements
{
    // What a client shows on its console when the option is missing, so that the finding can be recognised later.
    private static readonly (string Option, string Without)[] Always =
    [
        ("IP_PNP", "no IP-Config; it panics with 'unable to mount root fs on unknown-block(0,255)'"),
        ("IP_PNP_DHCP", "'ip=dhcp' on its command line does nothing"),
        ("NFS_FS", "it panics after 'IP-Config: Complete'"),
        ("NFS_V3", "it panics after 'IP-Config: Complete'"),
        ("ROOT_NFS", "it panics after 'IP-Config: Complete'"),
        ("TMPFS", "there is nothing to keep /flash in"),
        ("DEVTMPFS", "there is no /dev/console for the init"),
        ("DEVTMPFS_MOUNT", "there is no /dev/console for the init"),
        ("BINFMT_ELF", "it can start no program"),
        ("BINFMT_SCRIPT", "it can start no init script"),
        ("UNIX", "udev cannot be talked to"),
        ("PACKET", "a DHCP client in the image cannot work"),
    ];

    private static readonly (string Option, string Without)[] UnderXen =
    [
        ("XEN_PV_DOM0", "it stops after 'mapping kernel into physical memory', without a panic"),
        ("XEN_DOM0", "it stops after 'mapping kernel into physical memory', without a panic"),
        ("HVC_XEN", "there is no console hvc0"),
        ("PCI_XEN", "its network card gets no interrupt"),
        ("XEN_DEV_EVTCHN", "xenstored does not start"),
        ("XEN_GNTDEV", "xenstored and xenconsoled cannot map other domains' pages"),
        ("XEN_PRIVCMD", "xl cannot talk to the hypervisor"),
        ("XENFS", "/proc/xen stays empty, and the Xen daemons hang"),
        ("XEN_SYS_HYPERVISOR", "/sys/hypervisor is not there"),
        ("XEN_BLKDEV_BACKEND", "other domains have no disk"),
        ("XEN_NETDEV_BACKEND", "other domains have no network card"),
        ("NFS_V4", "other domains' disks cannot be mounted with locks"),
        ("BRIDGE", "there is no bridge for other domains' network cards"),
    ];

    private static readonly (string Option, string Without)[] ForMicrocode =
    [
        ("BLK_DEV_INITRD", "it does not look at the microcode that the menu hands over"),
        ("MICROCODE", "it does not look at the microcode that the menu hands over"),
    ];

    // Options of their own before Linux 6.6.
    private static readonly string[] MicrocodeOfVendors = ["MICROCODE_AMD", "MICROCODE_INTEL"];

    // Drivers of network cards that labs have and that QEMU plays.
    private static readonly string[] NetworkCards =
    [
        "VORTEX", "TYPHOON", "8139TOO", "8139CP", "R8169", "E100", "E1000", "E1000E", "IGB", "IGC", "IXGBE", "I40E", "B44", "TIGON3",
        "BNX2", "BNX2X", "VIA_RHINE", "VIA_VELOCITY", "FORCEDETH", "SKGE", "SKY2", "SIS900", "SIS190", "PCNET32", "AMD8111_ETH",
        "AMD_XGBE", "TULIP", "DE2104X", "NATSEMI", "NE2K_PCI", "EPIC100", "SUNDANCE", "STARFIRE", "ATL1", "ATL1E", "ATL1C", "ALX", "JME",
        "VIRTIO_NET", "VMXNET3", "HYPERV_NET", "MLX4_EN", "MLX5_CORE_EN", "AQTION",
    ];

    /// <summary>What is missing; empty when the kernel has all.</summary>
    /// <param name="configText">The <c>.config</c>.</param>
    /// <param name="use">How it is booted.</param>
    /// <param name="microcode">Whether menus hand microcode over: to a kernel that is booted alone, under Xen to the hypervisor.</param>
    public static IReadOnlyList<Diagnostic> Check(string configText, KernelUse use, bool microcode = false) => Check(KernelConfig.Parse(configText), use, microcode);

    /// <inheritdoc cref="Check(string, KernelUse, bool)"/>
    public static IReadOnlyList<Diagnostic> Check(KernelConfig config, KernelUse use, bool microcode = false)
    {
        ArgumentNullException.ThrowIfNull(config);
        var vendors = MicrocodeOfVendors.Where(config.Off.Contains)
            .Select(option => (Option: option, Without: "it takes no microcode of this vendor"));
        var findings = Always.Concat(use.UnderXen ? UnderXen : []).Concat(microcode && use.Alone ? ForMicrocode.Concat(vendors) : [])
            .Where(needed => !config.BuiltIn(needed.Option))
            .Select(needed => new Diagnostic($"the kernel lacks CONFIG_{needed.Option}=y; without it {needed.Without}")
            {
                Hint = $"Set CONFIG_{needed.Option}=y in a fragment of the flavour, in kernel-configs/.",
            })
            .ToList();
        if (!NetworkCards.Any(config.BuiltIn))
        {
            findings.Add(new Diagnostic("the kernel has no network card's driver built in; the root could never be mounted")
            {
                Hint = "Add a fragment of kernel-configs/nic/ to the flavour.",
            });
        }

        return findings;
    }
}
