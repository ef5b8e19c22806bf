using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

internal sealed class MenuSpecs
{
    [Test]
    public void I_get_kernel_and_root_of_one_generation_in_a_hosts_menu()
    {
        var menu = Sites.Menu(Sites.Files(Sites.OneServer()), "post01.conf");

        Assert.That(menu, Does.Contain("set root='tftp,192.168.0.5'\n"));
        Assert.That(menu, Does.Contain("multiboot2 /generations/trixie-0123456789ab/hypervisors/xen-4.20.gz dom0_mem=512M,max:512M "));
        Assert.That(menu, Does.Contain("module2 /generations/trixie-0123456789ab/kernels/kernel-6.12-xen-pIV-rltk "));
        Assert.That(menu, Does.Contain(" nfsroot=192.168.0.5:/opt/ondemand/generations/trixie-0123456789ab/root,vers=3,tcp,"));
        Assert.That(menu, Does.Contain(" ip=dhcp root=/dev/nfs "));
        Assert.That(menu, Does.Match(" panic=[1-9]"));
    }

    [Test]
    public void I_find_a_host_by_its_name_by_its_mac_or_not_at_all()
    {
        var set = Sites.Files(Sites.OneServer());

        Assert.That(set.Menus["post01.conf"], Is.EqualTo(new BootLink("dom0.conf")));
        Assert.That(set.Menus["by-mac/52:54:00:12:34:01.conf"], Is.EqualTo(new BootLink("../post01.conf")));
        Assert.That(set.Menus["default.conf"], Is.EqualTo(new BootLink("dom0.conf")));
        Assert.That(Sites.Files(Sites.OneServer() with { DefaultProfile = null }).Menus, Does.Not.ContainKey("default.conf"));
    }

    [Test]
    public void I_have_microcode_handed_to_the_hypervisor_behind_the_kernel_and_to_the_plain_kernel()
    {
        var set = BootFiles.Generate(Sites.OneServer(), Sites.Generation with { HasMicrocode = true });
        const string Place = "/generations/trixie-0123456789ab";

        var xen = Sites.Menu(set, "dom0.conf");
        Assert.That(xen, Does.Match(@"multiboot2 \S+ (\S+ )*ucode=scan "));
        Assert.That(xen, Does.Match($@"\n    if module2 \S+/kernels/[^\n]*; then\n      if module2 {Place}/no-initrd.cpio; then\n        if module2 {Place}/microcode.cpio; then\n          boot\n"), "the first is the kernel, the second dom0's RAM disk");
        Assert.That(Sites.Menu(set, "plain.conf"), Does.Match($@"\n  if linux [^\n]*; then\n    if initrd {Place}/microcode.cpio; then\n      boot\n    fi\n  fi\n"));
        Assert.That(Sites.Files(Sites.OneServer()).MenuTexts.Select(m => m.Content), Has.None.Contains("microcode").And.None.Contains("ucode").And.None.Contains("initrd"));
    }

    [Test]
    public void I_can_give_one_host_a_kernel_of_its_own()
    {
        var set = Sites.Files(Sites.OneServer());

        Assert.That(set.Menus["post02.conf"], Is.InstanceOf<BootText>());
        Assert.That(Sites.Menu(set, "post02.conf"), Does.Contain("/kernels/kernel-6.12-xen-e1000 ").And.Not.Contain("rltk"));
    }

    [Test]
    public void I_can_boot_a_kernel_without_Xen_and_with_workarounds()
    {
        var menu = Sites.Menu(Sites.Files(Sites.OneServer()), "post03.conf");

        Assert.That(menu, Does.Contain("if linux /generations/trixie-0123456789ab/kernels/kernel-6.12-xen-pIV-rltk "));
        Assert.That(menu, Does.Contain(" noapic via-rhine.avoid_D3=1; then"));
        Assert.That(menu, Does.Not.Contain("multiboot2"));
    }

    [Test]
    public void I_see_every_program_of_the_chain_on_the_serial_line_that_the_profile_names()
    {
        var xen = Sites.Menu(Sites.Files(Sites.OneServer() with { Profiles = [Sites.Dom0 with { Serial = SerialLine.Of(1, 57600) }, Sites.Plain] }), "dom0.conf");
        var plain = Sites.Menu(Sites.Files(Sites.OneServer() with { Profiles = [Sites.Dom0, Sites.Plain with { Serial = SerialLine.Usual }] }), "plain.conf");

        Assert.That(xen, Does.Contain("serial --unit=1 --speed=57600 ").And.Contain(" com2=57600,8n1 console=com2,vga").And.Contain(" console=hvc0 "));
        Assert.That(plain, Does.Contain("serial --unit=0 --speed=115200 ").And.Contain(" console=ttyS0,115200n8 ").And.Not.Contain("hvc0"));
    }

    [Test]
    public void I_can_name_the_interface_and_the_console_myself()
    {
        var site = Sites.OneServer() with { Profiles = [Sites.Dom0 with { KernelOptions = Sites.Options("ip=:::::eth1:dhcp", "console=tty1") }, Sites.Plain] };

        var menu = Sites.Menu(Sites.Files(site), "dom0.conf");

        Assert.That(menu, Does.Contain(" ip=:::::eth1:dhcp console=tty1").And.Not.Contain("ip=dhcp").And.Not.Contain("console=tty0"));
    }

    [Test]
    public void I_need_the_password_for_the_editor_and_for_dom0_in_the_daily_menu_only()
    {
        var set = Sites.Files(Sites.TwoServers());

        var daily = Sites.Menu(set, "daily/post01.conf");
        Assert.That(daily, Does.Contain($"set superusers=root\nexport superusers\npassword_pbkdf2 root {Sites.Hash}\n"));
        Assert.That(daily, Does.Contain("set default=daily\n"));
        Assert.That(daily, Does.Contain("menuentry 'Infolab terminal' --id daily --unrestricted {"));
        Assert.That(daily, Does.Contain("menuentry 'Dom0 - NFS' --id dom0 --users '' {"));
        Assert.That(Sites.Menu(set, "post01.conf"), Does.Contain("--unrestricted").And.Contain("password_pbkdf2 root grub.pbkdf2."));
    }

    [Test]
    public void I_am_led_from_the_daily_server_to_the_boot_servers_menu()
    {
        var daily = Sites.Menu(Sites.Files(Sites.TwoServers()), "daily/by-mac/52:54:00:12:34:01.conf");

        Assert.That(daily, Does.Contain("linux '(tftp,192.168.0.100)/kernel/ltsp' rw root=/dev/ram0"));
        Assert.That(daily, Does.Contain("initrd '(tftp,192.168.0.100)/initrd/ltsp.gz'"));
        Assert.That(daily, Does.Contain("configfile '(tftp,192.168.0.5)/grub/post01.conf'\n"));
    }

    [Test]
    public void I_get_dom0_without_a_question_where_it_is_the_hosts_default()
    {
        var daily = Sites.Menu(Sites.Files(Sites.TwoServers()), "daily/post02.conf");

        Assert.That(daily, Does.Contain("set default=dom0\n").And.Contain("--id dom0 --unrestricted {"));
    }

    [Test]
    public void I_get_another_key_when_one_menu_changes_and_the_same_when_none_does()
    {
        var set = Sites.Files(Sites.OneServer());

        Assert.That(Sites.Files(Sites.OneServer()).MenuKey, Is.EqualTo(set.MenuKey));
        Assert.That(Sites.Files(Sites.OneServer() with { MenuTimeout = 3 }).MenuKey, Is.Not.EqualTo(set.MenuKey));
    }

    [Test]
    public void I_am_told_when_the_flavour_that_I_name_cannot_be_dom0()
    {
        var generation = Sites.Generation with { Kernels = [Sites.Generation.Kernels[0], Sites.Generation.Kernels[1] with { RunsUnderXen = false }] };
        var profile = Sites.OneServer() with { Hosts = [], Profiles = [Sites.Dom0 with { Flavour = "xen-e1000", Where = new SourceLocation("s.yaml", 7, 3) }] };

        var host = Assert.Throws<BuildFailedException>(() => BootFiles.Generate(Sites.OneServer(), generation));
        var named = Assert.Throws<BuildFailedException>(() => BootFiles.Generate(profile, generation));
        var any = Assert.Throws<BuildFailedException>(() => BootFiles.Generate(Sites.OneServer(), generation with { Kernels = generation.Kernels.RemoveAt(0) }));

        Assert.That(host!.Message, Does.Contain("no kernel of flavour 'xen-e1000' of generation trixie-0123456789ab can be dom0").And.Contain("one of: xen-pIV-rltk"));
        Assert.That(named!.Message, Does.StartWith("s.yaml:7:3: no kernel of flavour 'xen-e1000'"));
        Assert.That(any!.Message, Does.StartWith("no kernel of generation trixie-0123456789ab can be dom0").And.EndWith("'xen: false'."));
        Assert.That(() => BootFiles.Generate(Sites.OneServer() with { Hosts = [], Profiles = [Sites.Plain with { Flavour = "xen-e1000" }], DefaultProfile = null }, generation), Throws.Nothing);
    }

    [Test]
    public void I_am_told_of_everything_that_a_generation_lacks()
    {
        var site = Sites.OneServer();
        site = site with { Hosts = [site.Hosts[0] with { Flavour = "xen-3com" }] };

        var flavour = Assert.Throws<BuildFailedException>(() => Sites.Files(site));
        var hypervisor = Assert.Throws<BuildFailedException>(() => BootFiles.Generate(site, Sites.Generation with { HypervisorFileName = null }));

        Assert.That(flavour!.Message, Does.Contain("'xen-3com'").And.Contain("xen-pIV-rltk, xen-e1000"));
        Assert.That(hypervisor!.Message, Does.Contain("no hypervisor"));
    }
}
