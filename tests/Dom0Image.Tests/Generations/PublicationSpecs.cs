using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Generations;

internal sealed class PublicationSpecs
{
    [Test]
    public void I_am_not_confused_by_what_an_ext4_has_at_its_top()
    {
        using var sample = new Sample();
        sample.Finish("old");
        Directory.CreateDirectory(sample["/opt/ondemand/generations/lost+found"]);

        Assert.That(GenerationList.Of(sample.Places).Select(kept => kept.Info.Id), Is.EqualTo(new[] { Sample.IdOf("old") }));
    }

    [Test]
    public void I_find_a_published_generation_where_the_Howto_has_it()
    {
        using var sample = new Sample();
        var id = sample.Finish("one");

        var result = sample.Publish("one");

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(sample["/opt/ondemand/root/version"]), Is.EqualTo(id));
            Assert.That(File.ReadAllText(sample["/tftpboot/kernels/kernel-6.12-xen"]), Is.EqualTo(id));
            Assert.That(File.ReadAllText(sample["/tftpboot/hypervisors/xen-4.20.gz"]), Is.EqualTo(id));
            Assert.That(File.ReadAllText(sample["/tftpboot/grub/post01.conf"]), Does.Contain($"nfsroot=192.0.2.1:/opt/ondemand/generations/{id}/root"));
            Assert.That(new FileInfo(sample["/opt/ondemand/root"]).LinkTarget, Is.EqualTo($"generations/{id}/root"));
            Assert.That(Directory.Exists(sample["/opt/ondemand/imgs"]));
            Assert.That(result.Changed, Is.EqualTo(new[] { "/opt/ondemand/imgs", $"/tftpboot/menus/{id}", "/tftpboot/kernels", "/tftpboot/hypervisors", "/opt/ondemand/root", "/tftpboot/grub" }));
            Assert.That(CurrentState.Read(sample.Places).Is(id, id));
        });
    }

    [Test]
    public void I_am_told_that_nothing_changed_and_nothing_is_touched()
    {
        using var sample = new Sample();
        sample.Finish("one");
        sample.Publish("one");
        var before = Times(sample);

        var again = sample.Publish("one");

        Assert.That(again.Changed, Is.Empty);
        Assert.That(Times(sample), Is.EqualTo(before));
    }

    [Test]
    public void I_can_go_on_to_a_new_generation_and_back_while_the_old_one_stays()
    {
        using var sample = new Sample();
        var old = sample.Finish("old");
        sample.Publish("old");
        var next = sample.Finish("next");

        sample.Publish("next");
        var during = File.ReadAllText(sample["/opt/ondemand/root/version"]);
        sample.Publish("old");

        Assert.Multiple(() =>
        {
            Assert.That(during, Is.EqualTo(next));
            Assert.That(File.ReadAllText(sample["/opt/ondemand/root/version"]), Is.EqualTo(old));
            Assert.That(File.ReadAllText(sample[$"/opt/ondemand/generations/{next}/root/version"]), Is.EqualTo(next));
            Assert.That(File.ReadAllText(sample["/tftpboot/grub/dom0.conf"]), Does.Contain(old));
        });
    }

    [TestCase("/opt/ondemand/root")]
    [TestCase("/tftpboot/kernels")]
    [TestCase("/tftpboot/grub")]
    public void I_keep_what_I_installed_by_hand(string place)
    {
        using var sample = new Sample();
        sample.Finish("one");
        Directory.CreateDirectory(sample[place]);
        File.WriteAllText(Path.Combine(sample[place], "mine"), "mine");

        Assert.That(
            () => sample.Publish("one"),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains($"'{sample[place]}' is not a link of ours").And.Message.Contains("Move it aside"));
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(Path.Combine(sample[place], "mine")), Is.EqualTo("mine"));
            Assert.That(Directory.Exists(sample["/opt/ondemand/imgs"]), Is.False, "nothing else was changed");
        });
    }

    [Test]
    public void I_am_told_where_a_link_of_mine_leads_and_it_stays()
    {
        using var sample = new Sample();
        sample.Finish("one");
        File.CreateSymbolicLink(sample["/opt/ondemand/root"], "by-hand/root");

        Assert.That(() => sample.Publish("one"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains($"'{sample["/opt/ondemand/root"]}' is a link to 'by-hand/root'"));
        Assert.That(new FileInfo(sample["/opt/ondemand/root"]).LinkTarget, Is.EqualTo("by-hand/root"));
    }

    [Test]
    public void Clients_can_read_what_was_published_under_a_strict_umask()
    {
        using var sample = new Sample();
        sample.Finish("one");

        StrictUmask.Run(() => sample.Publish("one"));

        foreach (var place in new[] { "/opt/ondemand/imgs", "/tftpboot/menus", $"/tftpboot/menus/{Sample.IdOf("one")}" })
        {
            Assert.That(File.GetUnixFileMode(sample[place]), Is.EqualTo(PublicModes.Directory), place);
        }

        Assert.That(File.GetUnixFileMode(sample["/tftpboot/grub/dom0.conf"]), Is.EqualTo(PublicModes.File));
    }

    [Test]
    public void I_am_told_that_hosts_boot_what_they_booted_when_a_file_cannot_be_written()
    {
        using var sample = new Sample();
        sample.Finish("one");

        var problem = Assert.Throws<BuildFailedException>(() => Publish(() => File.WriteAllText(sample["/no/such/place"], "")))!;
        Assert.That(problem.Diagnostics.Single().What, Does.StartWith($"cannot publish generation {Sample.IdOf("one")}: Could not find a part of the path"));
        Assert.That(problem.Diagnostics.Single().Hint, Is.EqualTo("Hosts still boot what they booted before"));

        // What cannot be read there is an error of input and output, as on a disk that fails.
        Assert.That(() => Publish(() => File.ReadAllBytes("/proc/self/mem")), Throws.InstanceOf<BuildFailedException>().With.Message.StartsWith("a disk cannot be read or written"));
        Assert.That(CurrentState.Read(sample.Places), Is.EqualTo(new CurrentState(null, null, null, null)));

        void Publish(Action write) => new Publication(sample.Places).Publish(sample.Request("one") with
        {
            WriteServerFiles = () =>
            {
                write();
                return [];
            },
        });
    }

    [Test]
    public void I_get_server_files_written_before_hosts_are_switched()
    {
        using var sample = new Sample();
        sample.Finish("old");
        sample.Publish("old");
        sample.Finish("next");
        string? menusThen = null;

        var result = new Publication(sample.Places).Publish(sample.Request("next") with
        {
            WriteServerFiles = () =>
            {
                menusThen = CurrentState.Read(sample.Places).Menus;
                return ["/etc/dhcp/dhcpd.conf"];
            },
        });

        Assert.That(menusThen, Is.EqualTo(Sample.IdOf("old")));
        Assert.That(result.Changed, Does.Contain("/etc/dhcp/dhcpd.conf"));
    }

    [Test]
    public void I_get_the_built_menus_back_when_someone_edited_the_published_ones()
    {
        using var sample = new Sample();
        sample.Finish("one");
        sample.Publish("one");
        File.WriteAllText(sample["/tftpboot/grub/dom0.conf"], "edited");

        var result = sample.Publish("one");

        Assert.That(result.Changed, Is.Not.Empty);
        Assert.That(File.ReadAllText(sample["/tftpboot/grub/dom0.conf"]), Does.StartWith("multiboot2"));
    }

    [Test]
    public void I_cannot_publish_a_generation_that_was_not_finished()
    {
        using var sample = new Sample();

        using (var staged = sample.Begin("one"))
        {
            staged.Seal(sample.Parts("one"));
            Assert.That(() => sample.Publish("one"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("there is no generation one-"));
        }

        Assert.That(Directory.GetFileSystemEntries(sample["/opt/ondemand/generations"]), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(sample["/tftpboot/generations"]), Is.Empty);
    }

    private static Dictionary<string, (DateTime, DateTime)> Times(Sample sample) => new DirectoryInfo(sample.Places.Prefix)
        .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .ToDictionary(entry => entry.FullName, entry => (entry.LastWriteTimeUtc, entry.CreationTimeUtc));
}
