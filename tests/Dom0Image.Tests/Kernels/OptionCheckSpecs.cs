using Dom0Image.Diagnostics;
using Dom0Image.Kernels;

namespace Dom0Image.Tests.Kernels;

/// <summary>On a small kernel's Kconfig files, written as the kernel writes them.</summary>
internal sealed class OptionCheckSpecs
{
    private string _source = "";

    [SetUp]
    public void WriteKconfig()
    {
        _source = Directory.CreateTempSubdirectory("dom0image-kconfig-").FullName;
        Directory.CreateDirectory(Path.Combine(_source, "arch", "x86"));
        Directory.CreateDirectory(Path.Combine(_source, "drivers", "net"));
        File.WriteAllText(Path.Combine(_source, "Kconfig"), """
            mainmenu "Linux/$(ARCH) $(KERNELVERSION) Kernel Configuration"
            cc-option = $(success,$(CC) -Werror $(1) -c /dev/null)
            source "arch/$(SRCARCH)/Kconfig"
            menu "Device Drivers"
            	depends on !UML
            source "drivers/net/Kconfig"
            endmenu
            config EXPERT
            	bool "Expert"
            	help
            	  config HIDDEN_IN_HELP
            	  depends on NOTHING

            	  endmenu
            config TUNED
            	int "A number" if EXPERT
            	range 1 10
            	default 3
            """);
        File.WriteAllText(Path.Combine(_source, "arch", "x86", "Kconfig"), """
            config X86_64
            	def_bool y
            config PCI
            	bool "PCI support"
            choice
            	prompt "Compression"
            config KERNEL_GZIP
            	bool "Gzip"
            config KERNEL_XZ
            	bool "XZ"
            endchoice
            config SAFE
            	bool "Safe" if EXPERT
            	depends on $(cc-option,-fsafe)
            """);
        File.WriteAllText(Path.Combine(_source, "drivers", "net", "Kconfig"), """
            menuconfig NETDEVICES
            	bool "Network device support"
            	depends on NET
            if NETDEVICES
            config MII
            	tristate
            config NET_CORE
            	bool "Network core driver support"
            if NET_CORE
            config VIRTIO_NET
            	tristate "Virtio network driver"
            	depends on VIRTIO && \
            		(PCI || S390)
            endif # NET_CORE
            config 8139CP
            	tristate "RealTek RTL-8139 C+" if PCI
            	select MII
            endif # NETDEVICES
            config NET
            	bool "Networking"
            config VIRTIO
            	tristate
            config VIRTIO_PCI
            	tristate "PCI driver for virtio"
            	select VIRTIO
            """);
    }

    [TearDown]
    public void Delete() => Directory.Delete(_source, recursive: true);

    [Test]
    public void I_hear_nothing_when_every_option_survived()
        => Assert.That(Check("CONFIG_NET=y\nCONFIG_TUNED=3\n", "NET=y", "TUNED=3", "PCI=n"), Is.Empty);

    [Test]
    public void I_am_told_the_line_and_the_dependencies_that_are_not_met()
    {
        var found = Check("CONFIG_NET=y\nCONFIG_NETDEVICES=y\nCONFIG_PCI=y\n", "NET=y", "VIRTIO_NET=y").Single();

        Assert.That(found.Where, Is.EqualTo(new SourceLocation("net.config", 2)));
        Assert.That(found.What, Is.EqualTo("CONFIG_VIRTIO_NET=y was asked for, but the kernel's configuration has it off"));
        Assert.That(found.Hint, Does.Contain("drivers/net/Kconfig:10")
            .And.Contain("NET_CORE is not set: add CONFIG_NET_CORE=y to a fragment")
            .And.Contain("VIRTIO is not set: it comes with VIRTIO_PCI")
            .And.Not.Contain("S390 is"));
    }

    [Test]
    public void I_am_told_of_all_dropped_options_at_once()
    {
        var found = Check(
            "CONFIG_NETDEVICES=y\nCONFIG_8139CP=y\nCONFIG_MII=y\nCONFIG_KERNEL_GZIP=y\nCONFIG_TUNED=3\nCONFIG_VIRTIO=m\n",
            "KERNEL_XZ=y", "MII=n", "VIRTIO=y", "TUNED=7", "NET_KORE=y", "HIDDEN_IN_HELP=y", "SAFE=y", "8139CP=m");

        Assert.Multiple(() =>
        {
            Assert.That(found[0].Hint, Does.Contain("Only one of its choice").And.Contain("CONFIG_KERNEL_GZIP=y"));
            Assert.That(found[1].ToString(), Does.Contain("has it at y").And.Contain("It comes with CONFIG_8139CP."));
            Assert.That(found[2].ToString(), Does.Contain("has it at m").And.Contain("it comes with VIRTIO_PCI"));
            Assert.That(found[3].ToString(), Does.Contain("has it at 3").And.Contain("EXPERT is not set"));
            Assert.That(found[4].ToString(), Does.Contain("has no such option").And.Contain("Did you mean 'NET_CORE'?"));
            Assert.That(found[5].ToString(), Does.Contain("has no such option"));
            Assert.That(found[6].ToString(), Does.Contain("$(cc-option,-fsafe) && EXPERT").And.Contain("add CONFIG_EXPERT=y"));
            Assert.That(found[7].ToString(), Does.Contain("PCI is not set"));
            Assert.That(found, Has.Count.EqualTo(8));
        });
    }

    private IReadOnlyList<Diagnostic> Check(string config, params string[] requested)
        => OptionCheck.Check(
            [.. requested.Select((option, index) => new RequestedOption(option.Split('=')[0], option.Split('=')[1], new SourceLocation("net.config", index + 1)))],
            KernelConfig.Parse(config),
            _source,
            "x86");
}
