using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Steps;

/// <summary>What to look at first when a boot ends at a step, from what boots that were broken on purpose looked like.</summary>
internal static class FailureHints
{
    // The kernel's own words: its command line, and what it configured.
    private const string OtherCard = @"dom0\.mac=([0-9a-f:]{17})(?![0-9a-f:,])[\s\S]*hwaddr=(?!\1)[0-9a-f:]{17}";

    private static readonly (BootStep? After, string Sign, string Hint)[] Known =
    [
        // What was offered was asked for. iPXE's greeting names TFTP too, and says 'ok' behind what it got.
        (BootStep.Firmware, @"tftp://\S+\.\.\. (?!ok)|NBP filename[\s\S]*PXE-E18|PXE-E23|PXE-E3|TFTP error|File not found",
            "The loader was not found over TFTP: the file name in dhcpd.conf and the files below /tftpboot/boot/grub must agree, and tftpd must run"),
        // iPXE is content with an IPv6 address, and then has nothing to boot.
        (BootStep.Firmware, "PXE-E16|PXE-E18|PXE-E51|No configuration methods succeeded|Nothing to boot|No DHCP",
            "No DHCP offer. Is the host's MAC in the site, does dhcpd serve its subnet, and does it name a loader for this firmware? With VIA Rhine cards: switch APIC off in the BIOS"),
        (null, "has no menu",
            "There is no menu for this host below /tftpboot/grub. Publish the site again"),
        (BootStep.Menu, @"error: .*not found|Could not start",
            "The menu names a kernel or a hypervisor that is not in the TFTP area"),
        (null, "dom0-ramtree: FAILED at step 'card'|" + OtherCard,
            "The kernel asked for its address over another card than the one that the menu came over. 'interface: eth0' of the host in the site says which; a host whose cards are all in one network has them all in 'mac'"),
        (null, "dom0-ramtree: FAILED",
            "The RAM tree could not be made; its own message above says at which step. The flash list's size and its entries are in the recipe"),
        (null, "unknown-block\\(0,255\\)|unknown-block\\(0,0\\)",
            "The kernel did not know how to mount a root over NFS. When no 'IP-Config' line is above: CONFIG_IP_PNP and CONFIG_IP_PNP_DHCP; when there is one: CONFIG_NFS_FS and CONFIG_ROOT_NFS (kernel-configs/ip-autoconfig, nfs-root)"),
        (null, "Unable to mount root fs",
            "The kernel could not mount the root over NFS. Without 'IP-Config: Complete' above: the network card's driver is not in the kernel (kernel-configs/nic/). With it: is the path exported to this subnet, and does the NFS server run?"),
        // Since 6.6 a kernel that cannot do it says nothing about the root, and looks for init in the empty one.
        (BootStep.Kernel, "No working init found|Attempted to kill init|Requested init .* failed",
            "The kernel did not even try to mount the root over NFS: it is compiled without CONFIG_ROOT_NFS (kernel-configs/nfs-root)"),
        (null, "No working init found|Attempted to kill init|Requested init .* failed",
            "The root was mounted, or an empty one, and there is no init that runs in it. Is the generation's root whole?"),
        (BootStep.PoweredOn, "", "QEMU's firmware did not speak. Is the package with the firmware (seabios, ovmf) whole?"),
        (BootStep.Firmware, "",
            "The network loader did not start: no DHCP offer, or the loader was not found over TFTP. On real machines: some old 3Com cards want an older loader; with VIA Rhine cards switch APIC off in the BIOS (the option noapic is too late for that), and 'via-rhine.avoid_D3=1' helps those whose BIOS cannot wake the card again"),
        (BootStep.Loader, "", "GRUB found no menu for the host, or waits at one: look at /tftpboot/grub/HOST.conf"),
        (BootStep.Menu, "", "The kernel or the hypervisor could not be fetched over TFTP"),
        (BootStep.KernelFetched, "not an ELF binary|Could not construct domain 0",
            "Xen could not start the kernel: the file is no kernel, a kernel without CONFIG_XEN_PV, or dom0_mem is more than the client has"),
        (BootStep.KernelFetched, "", "Xen started and did not finish. Is dom0_mem larger than the client's memory?"),
        (BootStep.Xen, "", "Xen handed over and the kernel stayed silent: a kernel without CONFIG_XEN_DOM0 stops just so, without a panic (kernel-configs/xen-dom0), or console=hvc0 is missing"),
        (BootStep.Kernel, "Unable to allocate interrupt",
            "The network card gets no interrupt: under UEFI and Xen a kernel without CONFIG_EFI finds no ACPI tables (kernel-configs/efi)"),
        (BootStep.Kernel, "",
            "The root was not mounted. Without 'IP-Config: Complete' above: the card's driver is not in the kernel, or no DHCP answer came (try the profile option noapic). With it: is the path exported, and does the NFS server run?"),
        (BootStep.RootMounted, "", "The init script that makes the RAM tree did not get to its end. Does the image have it, and is it the first in rcS.d after mountkernfs?"),
        (BootStep.RamTree, "", "udev did not start. Is it in the image, and does it come after the RAM tree?"),
        (BootStep.Udev, "Read-only file system", "A service writes to a path that is not in the flash list; 'Read-only file system' above names it. --target=WriteAudit lists all such paths"),
        // Each daemon is named before it is started.
        (BootStep.Udev, @"Starting Xen daemons:.* xenstored(?![\s\S]*xenconsoled)",
            "xenstored did not come up: a path that it writes to is missing in the flash list"),
        (BootStep.Udev, "", "No log-in prompt: a service hangs. Most often a path that it writes to is missing in the flash list: --target=WriteAudit lists them. Is there a getty on the serial console?"),
    ];

    /// <summary>The most likely reason.</summary>
    /// <param name="lastStep">The last step that was reached.</param>
    /// <param name="text">What the client wrote since that step.</param>
    public static string For(BootStep lastStep, string text)
        => Known.FirstOrDefault(k => (k.After is null || k.After == lastStep) && (k.Sign.Length == 0 || Regex.IsMatch(text, k.Sign))).Hint
            ?? "The serial log tells what the client did last";
}
