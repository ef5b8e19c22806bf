namespace Dom0Image.BootLab.Steps;

/// <summary>Steps of a boot in their order, each seen by what a client writes on its serial line.</summary>
internal enum BootStep
{
    /// <summary>The client is on; nothing was seen of it yet.</summary>
    PoweredOn,

    /// <summary>Its firmware spoke.</summary>
    Firmware,

    /// <summary>GRUB runs: DHCP and the first file over TFTP worked.</summary>
    Loader,

    /// <summary>An entry of the host's menu was started.</summary>
    Menu,

    /// <summary>Kernel and hypervisor were fetched, and the first of them spoke.</summary>
    KernelFetched,

    /// <summary>Xen has built dom0 and handed over.</summary>
    Xen,

    /// <summary>Linux spoke.</summary>
    Kernel,

    /// <summary>The root is mounted over NFS.</summary>
    RootMounted,

    /// <summary>The RAM tree is in place over <c>/flash</c>.</summary>
    RamTree,

    /// <summary>udev was started.</summary>
    Udev,

    /// <summary>There is a log-in prompt.</summary>
    Login,
}

/// <summary>How steps are told.</summary>
internal static class BootStepNames
{
    /// <summary>A step's name in a column's head.</summary>
    public static string Short(this BootStep step) => step switch
    {
        BootStep.KernelFetched => "fetched",
        BootStep.RootMounted => "root",
        BootStep.RamTree => "/flash",
        BootStep.Udev => "udev",
        _ => $"{step}".ToLowerInvariant(),
    };
}
