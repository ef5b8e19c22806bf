using Dom0Image.BootLab.Steps;

namespace Dom0Image.Tests.BootLab;

public sealed class BootDiagnosisSpecs
{
    [TestCase(BootStep.Kernel, "VFS: Unable to mount root fs via NFS", "card's driver")]
    [TestCase(BootStep.Kernel, "IP-Config: Complete:\nKernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,255)", "CONFIG_ROOT_NFS")]
    [TestCase(BootStep.Kernel, "IP-Config: Complete:\nRun /sbin/init as init process\nKernel panic - not syncing: No working init found.", "CONFIG_ROOT_NFS")]
    [TestCase(BootStep.Kernel, "r8169: Unable to allocate interrupt", "CONFIG_EFI")]
    [TestCase(BootStep.Xen, "", "CONFIG_XEN_DOM0")]
    [TestCase(BootStep.Firmware, "PXE-E51: No DHCP offers", "No DHCP offer")]
    [TestCase(BootStep.Firmware, "tftp://192.0.2.1/boot/grub/i386-pc/core.0... File not found", "over TFTP")]
    [TestCase(BootStep.Menu, "error: file `/generations/x/kernels/k' not found.", "menu names a kernel")]
    [TestCase(BootStep.RootMounted, "dom0-ramtree: FAILED at step 'content'", "RAM tree")]
    [TestCase(BootStep.Udev, "Starting Xen daemons: xenfs xenstored", "flash list")]
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
