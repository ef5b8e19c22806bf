namespace Dom0Image.Tests.Kernels;

/// <summary>A kernel's configuration with all that a dom0 needs that starts by BIOS or UEFI.</summary>
internal static class WholeConfig
{
    private const string Names = """
        IP_PNP IP_PNP_DHCP NFS_FS NFS_V3 ROOT_NFS TMPFS DEVTMPFS DEVTMPFS_MOUNT BINFMT_ELF BINFMT_SCRIPT UNIX PACKET XEN_PV_DOM0 XEN_DOM0
        HVC_XEN PCI_XEN XEN_DEV_EVTCHN XEN_GNTDEV XEN_PRIVCMD XENFS XEN_SYS_HYPERVISOR XEN_BLKDEV_BACKEND XEN_NETDEV_BACKEND NFS_V4 BRIDGE EFI E1000
        """;

    /// <summary>Its options, without <c>CONFIG_</c>; all are built in.</summary>
    public static readonly string[] Options = Names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its text.</summary>
    public static string Text => string.Concat(Options.Select(option => $"CONFIG_{option}=y\n"));
}
