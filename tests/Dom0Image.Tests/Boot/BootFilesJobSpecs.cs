using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Boot;

internal sealed class BootFilesJobSpecs
{
    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    private Places Places => new(Path.Combine(_workshop.Root, "prefix"));

    [Test]
    public async Task I_get_server_files_and_loaders_before_there_is_a_generation()
    {
        Directory.CreateDirectory(Places.Prefix);

        var changed = await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);

        Assert.That(changed, Is.EquivalentTo(NetworkLoaders.All.Select(loader => $"/tftpboot/{loader.File}").Concat(Sites.Files(Sites.OneServer()).ServerFiles.Keys)));
        Assert.That(changed, Is.All.Matches<string>(place => File.Exists(Places.OnDisk(place))));
        Assert.That(Path.Exists(Places.OnDisk("/tftpboot/grub")), Is.False);
        Assert.That(_workshop.Told, Has.One.Contains("no generation is published"));
    }

    [Test]
    public async Task I_can_add_a_host_to_the_published_generation_without_building()
    {
        var id = Publish();
        var before = Sites.OneServer() with { Hosts = [] };
        await BootFilesJob.RunAsync(before, null, Places, _workshop.Context);

        var changed = await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);
        var again = await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);

        Assert.That(changed, Does.Contain("/tftpboot/grub").And.Contain("/etc/dhcp/dhcpd.conf").And.No.Member("/opt/ondemand/root"));
        Assert.That(File.ReadAllText(Places.OnDisk("/tftpboot/grub/post02.conf")), Does.Contain($"/generations/{id}/kernels/kernel-6.12-xen-e1000 "));
        Assert.That(again, Is.Empty);
    }

    [Test]
    public async Task I_keep_the_menus_that_I_have_when_the_generation_lacks_what_new_ones_name()
    {
        var id = Publish();
        await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);
        var menus = new FileInfo(Places.OnDisk("/tftpboot/grub")).LinkTarget;
        File.Delete(Places.OnDisk($"/tftpboot/generations/{id}/hypervisors/xen-4.20.gz"));

        var failure = Assert.ThrowsAsync<BuildFailedException>(
            () => BootFilesJob.RunAsync(Sites.OneServer() with { MenuTimeout = 9 }, null, Places, _workshop.Context));

        Assert.That(failure!.Message, Does.Contain("/grub/dom0.conf: names").And.Contain("/hypervisors/xen-4.20.gz, which is not there"));
        Assert.That(new FileInfo(Places.OnDisk("/tftpboot/grub")).LinkTarget, Is.EqualTo(menus));
    }

    [Test]
    public async Task I_keep_the_menus_that_I_have_when_new_ones_would_put_a_kernel_under_Xen_that_cannot_be_dom0()
    {
        Publish(lacks: flavour => flavour == "xen-e1000" ? "XENFS" : "");
        var plain = Sites.OneServer() with { Profiles = [Sites.Dom0, Sites.Plain with { Flavour = "xen-e1000" }], Hosts = [] };
        await BootFilesJob.RunAsync(plain, null, Places, _workshop.Context);
        var menus = new FileInfo(Places.OnDisk("/tftpboot/grub")).LinkTarget;
        var xen = plain with { Profiles = [Sites.Dom0, Sites.Dom0 with { Name = "plain", Flavour = "xen-e1000" }] };

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootFilesJob.RunAsync(xen, null, Places, _workshop.Context));

        Assert.That(failure!.Message, Is.EqualTo("/kernels/kernel-6.12-xen-e1000: the kernel lacks CONFIG_XENFS=y; without it /proc/xen stays empty, and the Xen daemons hang [kernel-options]. Set CONFIG_XENFS=y in a fragment of the flavour, in kernel-configs/."));
        Assert.That(new FileInfo(Places.OnDisk("/tftpboot/grub")).LinkTarget, Is.EqualTo(menus));
    }

    [Test]
    public async Task I_can_serve_a_kernel_without_EFI_and_one_that_no_menu_names_whatever_it_lacks()
    {
        Publish(lacks: flavour => flavour == "xen-e1000" ? "ROOT_NFS" : "EFI");

        var changed = await BootFilesJob.RunAsync(Sites.OneServer() with { Hosts = [] }, null, Places, _workshop.Context);

        Assert.That(changed, Does.Contain("/tftpboot/grub"));
    }

    [Test]
    public async Task I_can_go_back_to_an_older_generation()
    {
        var old = Publish("old");
        var current = Publish("current");
        await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);

        var changed = await BootFilesJob.RunAsync(Sites.OneServer(), old, Places, _workshop.Context);

        Assert.That(changed, Does.Contain("/tftpboot/grub").And.Contain("/opt/ondemand/root"));
        Assert.That(CurrentState.Read(Places).Root, Is.EqualTo(old));
        Assert.That(File.ReadAllText(Places.OnDisk("/tftpboot/grub/dom0.conf")), Does.Contain($"/generations/{old}/root").And.Not.Contain(current));
        var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootFilesJob.RunAsync(Sites.OneServer(), old[..^1], Places, _workshop.Context));
        Assert.That(failure!.Message, Does.Contain($"one of {current}, {old}").And.EndWith($"Did you mean '{old}'?"));
        Assert.That(CurrentState.Read(Places).Root, Is.EqualTo(old));
    }

    [Test]
    public async Task I_am_told_when_an_account_has_another_id_in_the_generation_that_I_go_back_to()
    {
        var (old, current) = (Publish("old"), Publish("current"));
        foreach (var (id, sshd) in new[] { (old, 992), (current, 994) })
        {
            var etc = Path.Combine(GenerationTree.Finished(Places, id).Root, "etc");
            Directory.CreateDirectory(etc);
            File.WriteAllText(Path.Combine(etc, "passwd"), $"root:x:0:0::/root:/bin/sh\nsshd:x:{sshd}:65534::/run/sshd:/usr/sbin/nologin\n");
        }

        await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);
        Assert.That(_workshop.Told, Has.None.Contains("'sshd'"));

        await BootFilesJob.RunAsync(Sites.OneServer(), old, Places, _workshop.Context);

        Assert.That(_workshop.Told, Has.One.Contains($"accounts have other ids in generation {old} than in {current}: user 'sshd' 992, not 994. What they own on imgs keeps its number"));
    }

    [Test]
    public async Task I_get_the_generation_that_hosts_boot_although_a_publication_of_the_next_was_killed()
    {
        var old = Publish("old");
        await BootFilesJob.RunAsync(Sites.OneServer() with { Hosts = [] }, null, Places, _workshop.Context);
        var menus = new FileInfo(Places.OnDisk("/tftpboot/grub")).LinkTarget!;
        Publish("next");
        Durable.SwapLink(Places.OnDisk("/tftpboot/grub"), menus);

        await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);

        Assert.That(File.ReadAllText(Places.OnDisk("/tftpboot/grub/dom0.conf")), Does.Contain($"/generations/{old}/root"));
        Assert.That(CurrentState.Read(Places).Root, Is.EqualTo(old));
    }

    [Test]
    public async Task I_get_menus_that_were_edited_in_place_as_the_site_has_them()
    {
        Publish();
        await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);
        var menu = Places.OnDisk("/tftpboot/grub/dom0.conf");
        var meant = File.ReadAllText(menu);
        File.WriteAllText(menu, meant + "# by hand\n");
        File.WriteAllText(Places.OnDisk("/tftpboot/grub/more.conf"), "");

        var changed = await BootFilesJob.RunAsync(Sites.OneServer(), null, Places, _workshop.Context);

        Assert.That(changed, Has.One.StartsWith("/tftpboot/menus/"));
        Assert.That(File.ReadAllText(menu), Is.EqualTo(meant));
        Assert.That(Places.OnDisk("/tftpboot/grub/more.conf"), Does.Not.Exist);
    }

    private string Publish(string inputs = "", Func<string, string>? lacks = null) => SmallGeneration.Publish(Places, _workshop.Root, inputs, lacks);
}
