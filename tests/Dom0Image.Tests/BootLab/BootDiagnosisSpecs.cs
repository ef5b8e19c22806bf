using System.Text.RegularExpressions;
using Dom0Image.BootLab.Steps;

namespace Dom0Image.Tests.BootLab;

internal sealed class BootDiagnosisSpecs
{
    // Cut from serial logs of boots, good ones and ones with a server that did not answer.
    private const string Ipxe = """
        SeaBIOS (version 1.16.2-debian-1.16.2-1)
        iPXE (PCI 00:02.0) starting execution...ok
        iPXE initialising devices...ok
        Features: DNS HTTP iSCSI NFS TFTP AoE ELF MBOOT PXE bzImage Menu PXEXT
        Configuring (net0 52:54:00:00:01:01).... ok

        """;

    private const string IpxeOffer = """
        net0: 192.168.0.101/255.255.255.0
        Next server: 192.168.0.5
        Filename: boot/grub/i386-pc/core.0
        tftp://192.168.0.5/boot/grub/i386-pc/core.0... 
        """;

    private const string IpxeOfferTimesOut = """
        Next server: 192.168.0.77
        Filename: boot/grub/i386-pc/core.0
        tftp://192.168.0.77/boot/grub/i386-pc/core.0..................
        """;

    private const string Edk = """
        >>Start PXE over IPv4.
          Station IP address is 192.168.0.101
          Server IP address is 192.168.0.5
          NBP filename is boot/grub/x86_64-efi/core.efi
          NBP filesize is 0 Bytes

        """;

    private const string LateBoot = """
        Starting hotplug events dispatcher: systemd-udevd.
        Synthesizing the initial hotplug events (subsystems)...done.
        dom0-identity: ready 48.43
        Configuring network interfaces...done.
        INIT: Entering runlevel: 2
        Starting busybox' syslogd implementation : syslogd.
        dom0-xen: eth0 is in the bridge xenbr0
        Starting OpenBSD Secure Shell server: sshd.
        Starting Xen daemons: xenstored
        """;

    [TestCase(BootStep.Kernel, "VFS: Unable to mount root fs via NFS", "card's driver")]
    [TestCase(BootStep.Kernel, "IP-Config: Complete:\nKernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,255)", "CONFIG_ROOT_NFS")]
    [TestCase(BootStep.Kernel, "IP-Config: Complete:\nRun /sbin/init as init process\nKernel panic - not syncing: No working init found.", "CONFIG_ROOT_NFS")]
    [TestCase(BootStep.Kernel, "r8169: Unable to allocate interrupt", "CONFIG_EFI")]
    [TestCase(BootStep.Xen, "", "CONFIG_XEN_DOM0")]
    [TestCase(BootStep.Firmware, "PXE-E51: No DHCP offers", "No DHCP offer")]
    [TestCase(BootStep.Firmware, "tftp://192.0.2.1/boot/grub/i386-pc/core.0... File not found", "over TFTP")]
    [TestCase(BootStep.Menu, "error: file `/generations/x/kernels/k' not found.", "menu names a kernel")]
    [TestCase(BootStep.RootMounted, "dom0-ramtree: FAILED at step 'content'", "RAM tree")]
    [TestCase(BootStep.RootMounted, "dom0-ramtree: FAILED at step 'card'", "'interface: eth0' of the host")]
    [TestCase(BootStep.Kernel, "Kernel command line: dom0.mac=52:54:00:00:01:01 ip=dhcp\n     device=eth1, hwaddr=52:54:00:00:01:02, ipaddr=10.0.0.9\nVFS: Unable to mount root fs via NFS", "'interface: eth0' of the host")]
    [TestCase(BootStep.Kernel, "Kernel command line: dom0.mac=52:54:00:00:01:01 ip=dhcp\n     device=eth0, hwaddr=52:54:00:00:01:01, ipaddr=10.0.0.9\nVFS: Unable to mount root fs via NFS", "card's driver")]
    [TestCase(BootStep.Udev, "Starting Xen daemons: xenfs xenstored", "flash list")]
    [TestCase(BootStep.Firmware, Ipxe + "Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b)\nNo more network devices", "No DHCP offer")]
    [TestCase(BootStep.Firmware, Ipxe + IpxeOffer + "No such file or directory (http:/\n/ipxe.org/2d12603b)\nNo more network devices", "over TFTP: the file name")]
    [TestCase(BootStep.Firmware, Ipxe + IpxeOfferTimesOut + " Connection timed \nout (http://ipxe.org/4c126035)\nNo more network devices", "over TFTP: the file name")]
    [TestCase(BootStep.Firmware, Ipxe + IpxeOffer + "ok\ncore.0 : 205281 bytes [PXE-NBP]", "some old 3Com cards")]
    [TestCase(BootStep.Firmware, Ipxe, "some old 3Com cards")]
    [TestCase(BootStep.Firmware, Edk + "  PXE-E23: Client received TFTP error from server.", "over TFTP: the file name")]
    [TestCase(BootStep.Firmware, Edk + "  PXE-E18: Server response timeout.", "over TFTP: the file name")]
    [TestCase(BootStep.Firmware, ">>Start PXE over IPv4.\n  PXE-E18: Server response timeout.", "No DHCP offer")]
    [TestCase(BootStep.Udev, LateBoot + " xenconsoled.", "Is there a getty on the serial console?")]
    [TestCase(BootStep.Udev, LateBoot + "[   60.164615] random: crng init done\n xenconsoled.", "Is there a getty on the serial console?")]
    [TestCase(BootStep.Udev, "touch: cannot touch '/var/lib/misc/seen': Read-only file system\n" + LateBoot + " xenconsoled.", "names it")]
    [TestCase(BootStep.Udev, LateBoot, "xenstored did not come up")]
    public void I_get_the_hint_that_belongs_to_what_I_see(BootStep last, string text, string hint)
        => Assert.That(FailureHints.For(last, text), Does.Contain(hint));

    [Test]
    public void I_get_a_hint_after_whatever_step_a_boot_ends()
        => Assert.That(Enum.GetValues<BootStep>().Select(s => FailureHints.For(s, "")), Has.All.Not.Empty);

    [TestCase("Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,255)")]
    [TestCase("error: file `/generations/x/kernels/k' not found.")]
    [TestCase("dom0-ramtree: FAILED at step 'move'")]
    [TestCase("Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b)")]
    public void A_boot_that_cannot_go_on_is_ended_at_once(string line) => Assert.That(FailureSigns.Read(line), Is.Not.Null);

    [TestCase("Starting enhanced syslogd: rsyslogd.")]
    [TestCase("[    1.0] ACPI: \\_SB_.PCI0: _OSC failed (AE_NOT_FOUND)")]
    [TestCase("mount: /sys/kernel/config: unknown filesystem type: not found")]
    public void A_boot_that_goes_on_is_not_ended(string line) => Assert.That(FailureSigns.Read(line), Is.Null);

    [TestCase("post01 login: ")]
    [TestCase("post01 login: [   48.312345] e1000: eth0 NIC Link is Up")]
    [TestCase("post01 login: (XEN) d0v0 triggered a fault")]
    [TestCase("post01.lab login: dom0-xen: eth0 is in the bridge xenbr0")]
    [TestCase("Starting Xen daemons: xenstored xenconsoled.post01 login: [   48.312345] eth0: link up")]
    public void A_log_in_prompt_is_seen_also_among_what_others_write(string line) => Assert.That(Login().IsMatch(line), Is.True);

    [TestCase("Last login: Mon Nov 23 20:31:40 UTC 2026 on hvc0")]
    [TestCase("[  OK  ] Started systemd-logind.service - User Login Management.")]
    [TestCase("sshd: no failed login: none")]
    public void What_only_looks_like_a_log_in_prompt_is_none(string line) => Assert.That(Login().IsMatch(line), Is.False);

    private static Regex Login() => BootStepSigns.For(xen: true).Single(s => s.Step == BootStep.Login).Sign;

    [Test]
    public void The_steps_are_seen_in_what_real_boots_write()
    {
        (string Line, BootStep Step)[] said =
        [
            ("SeaBIOS (version 1.16.2-debian-1.16.2-1)", BootStep.Firmware),
            ("Welcome to GRUB!", BootStep.Loader),
            ("Loading trixie-0123456789ab from 192.168.0.5 ...", BootStep.Menu),
            ("(XEN) Xen version 4.20.4 (Debian 4.20.4)", BootStep.KernelFetched),
            ("(XEN) *** Serial input to DOM0 (type 'CTRL-a' three times to switch input)", BootStep.Xen),
            ("[    0.000000] Linux version 6.12.107 (dom0image) #1 SMP", BootStep.Kernel),
            ("[    9.581000] VFS: Mounted root (nfs filesystem) readonly on device 0:17.", BootStep.RootMounted),
            ("dom0-ramtree: ready 12.33", BootStep.RamTree),
            ("Starting hotplug events dispatcher: systemd-udevd.", BootStep.Udev),
            ("post01 login: ", BootStep.Login),
        ];

        foreach (var (line, step) in said)
        {
            Assert.That(BootStepSigns.For(xen: true).Single(s => s.Step == step).Sign.IsMatch(line), Is.True, line);
        }
    }
}
