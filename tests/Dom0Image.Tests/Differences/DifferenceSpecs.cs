using Dom0Image.Diagnostics;
using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Differences;

/// <summary>What an administrator is told of two generations that stand.</summary>
internal sealed class DifferenceSpecs
{
    private const string Hash = "$6$salt$Gk7xAbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
    private const string OtherHash = "$6$tlas$zYxWvUtSrQpOnMlKjIhGfEdCbA9876543210xxxx";

    private readonly TwoGenerations _two = new();

    [TearDown]
    public void Delete() => _two.Dispose();

    [Test]
    public void I_see_which_packages_came_went_and_changed_their_version()
    {
        var old = _two.Make("old", "libc6 2.41-9 amd64\nvim 2:9.1.1-1 amd64\nudev 257~rc2-1 amd64\nsame 1 amd64\n");
        var now = _two.Make("new", "libc6 2.41-10 amd64\nnano 8.4-1 amd64\nudev 256-1 amd64\nsame 1 amd64\n");

        var packages = _two.Between(old, now).Packages;

        Assert.That(packages.Select(p => (p.Name, p.Kind, p.Before, p.After)), Is.EqualTo(new[]
        {
            ("libc6", ChangeKind.Upgraded, "2.41-9", "2.41-10"),
            ("nano", ChangeKind.Added, null, "8.4-1"),
            ("udev", ChangeKind.Downgraded, "257~rc2-1", "256-1"),
            ("vim", ChangeKind.Removed, "2:9.1.1-1", null),
        }));
    }

    [Test]
    public void I_see_settings_by_name_and_no_hash_of_a_password_in_any_form()
    {
        var old = _two.Make("old", fill: root =>
        {
            root.Write("/etc/passwd", $"root:x:0:0:root:/root:/bin/bash\nold:{OtherHash}:1000:1000::/home/old:/bin/sh\n");
            root.Write("/etc/shadow", $"root:{Hash}:19000:0:99999:7:::\nsame:{Hash}:::::::\nlocked:!:::::::\n");
            root.Write("/etc/group", "root:x:0:\naudio:x:29:\n");
            root.Link("/etc/alternatives/editor", "/bin/nano");
            root.Link("/etc/rc2.d/S01cron", "../init.d/cron");
            root.Link("/etc/rc3.d/S02cron", "../init.d/cron");
            root.Link("/etc/systemd/system/multi-user.target.wants/ssh.service", "/usr/lib/systemd/system/ssh.service");
        });
        var now = _two.Make("new", fill: root =>
        {
            root.Write("/etc/passwd", $"root:x:0:0:root:/root:/bin/bash\nlab:{Hash}:1001:1001:The lab:/home/lab:/bin/bash\n");
            root.Write("/etc/shadow", $"root:{OtherHash}:19001:0:99999:7:::\nsame:{Hash}:::::::\ndaemon2:*:::::::\nlocked:*:::::::\n");
            root.Write("/etc/group", "root:x:0:\naudio:x:29:lab,root\n");
            root.Link("/etc/alternatives/editor", "/usr/bin/vim.tiny");
            root.Link("/etc/systemd/system/ssh.service", "/dev/null");
            root.Link("/etc/systemd/system/multi-user.target.wants/ssh.service", "/usr/lib/systemd/system/ssh.service");
        });

        var difference = _two.Between(old, now);

        Assert.That(difference.Settings.Select(s => (s.Kind, s.Name, s.Before, s.After)), Is.EqualTo(new[]
        {
            (SettingKind.User, "lab", null, "uid 1001, gid 1001, /home/lab, /bin/bash, 'The lab'"),
            (SettingKind.User, "old", "uid 1000, gid 1000, /home/old, /bin/sh", null),
            (SettingKind.Group, "audio", "gid 29", "gid 29, members lab, root"),
            (SettingKind.Password, "lab", null, "a password"),
            (SettingKind.Password, "root", "a password", "another password"),
            (SettingKind.Alternative, "editor", "/bin/nano", "/usr/bin/vim.tiny"),
            (SettingKind.Service, "cron", "in runlevels 2 3", null),
            (SettingKind.Service, "ssh.service", "by multi-user.target", "masked"),
        }));
        foreach (var form in Forms(difference))
        {
            Assert.That(form, Does.Not.Contain("$6$").And.Not.Contain("Gk7xAb").And.Not.Contain("zYxWvU"));
        }
    }

    [Test]
    public void I_see_each_file_with_what_of_it_changed()
    {
        var readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var old = _two.Make("old", fill: root =>
        {
            root.Write("/etc/motd", "old\n", readable);
            root.Write("/etc/gone", "", readable);
            root.Write("/usr/bin/tool", "tool", readable);
            root.Write("/etc/was-file", "", readable);
            root.Link("/etc/link", "a");
        });
        var now = _two.Make("new", fill: root =>
        {
            root.Write("/etc/motd", "newer\n", readable);
            root.Write("/usr/bin/tool", "tool", readable | UnixFileMode.SetUser | UnixFileMode.UserExecute);
            root.Link("/etc/was-file", "motd");
            root.Link("/etc/link", "b");
            root.Write("/etc/new", "12", readable);
        });

        var difference = _two.Between(old, now);

        Assert.That(difference.Files.Select(f => (f.Path, Shown.Change(f))), Is.EqualTo(new[]
        {
            ("/etc/gone", "0 B, 0644"),
            ("/etc/link", "a -> b"),
            ("/etc/motd", "content, 6 B (+2 B)"),
            ("/etc/new", "2 B, 0644"),
            ("/etc/was-file", "0 B, 0644 -> link to motd"),
            ("/usr/bin/tool", "mode 0644 -> 4744"),
        }));
        Assert.That(DifferenceText.Write(difference), Does.Contain("Files that run as their owner or group\n  + /usr/bin/tool"));
    }

    [Test]
    public void A_hard_link_whose_first_name_went_is_no_new_content()
    {
        var old = _two.Make("old", fill: root =>
        {
            root.Write("/usr/bin/a", "same");
            FileChange.TryMakeName(root["/usr/bin/b"], root["/usr/bin/a"]);
        });
        var now = _two.Make("new", fill: root => root.Write("/usr/bin/b", "same"));

        Assert.That(_two.Between(old, now).Files.Select(f => (f.Path, f.Kind, string.Join(' ', f.What))), Is.EqualTo(new[]
        {
            ("/usr/bin/a", ChangeKind.Removed, ""),
            ("/usr/bin/b", ChangeKind.Changed, "hard link"),
        }));
    }

    [Test]
    public void I_see_kernels_the_hypervisor_and_what_menus_load()
    {
        var old = _two.Make("old", config: "CONFIG_XEN_DOM0=y\nCONFIG_NFS_FS=m\n");
        var now = _two.Make("new", config: "CONFIG_XEN_DOM0=y\nCONFIG_NFS_FS=y\nCONFIG_R8169=y\n", kernel: "6.13", hypervisor: "xen-4.21.gz");

        var difference = _two.Between(old, now);

        Assert.That(difference.Kernels[0].Options.Select(o => (o.Name, o.Before, o.After)), Is.EqualTo(new[] { ("NFS_FS", "m", "y"), ("R8169", "n", "y") }));
        Assert.That((difference.Kernels[0].Before, difference.Kernels[0].After), Is.EqualTo(("kernel-6.12-xen-pIV-rltk", "kernel-6.13-xen-pIV-rltk")));
        Assert.That(difference.Hypervisor, Is.EqualTo(new TextChange("xen-4.20.gz", "xen-4.21.gz")));
        var dom0 = difference.Menus.Single(m => m.Menus.Contains("post01"));
        Assert.That(dom0.Menus, Does.Contain("dom0").And.Not.Contain("post02"), "post02 boots another kernel");
        Assert.That(dom0.After, Has.Some.StartsWith("/generations/ID/kernels/kernel-6.13-xen-pIV-rltk").And.Some.StartsWith("/generations/ID/hypervisors/xen-4.21.gz"));
        Assert.That(difference.Served.Select(f => f.Path), Does.Contain("/kernels/kernel-6.13-xen-e1000"));
    }

    [Test]
    public void I_see_command_lines_that_hosts_were_given_where_both_were_published()
    {
        var (old, now) = (_two.Make("old"), _two.Make("new"));
        Publish(old, "quiet");
        Publish(now, "noapic");

        var menus = _two.Between(old, now).Menus;

        Assert.That(menus.Single().Menus, Is.EqualTo(new[] { "dom0", "post01" }));
        Assert.That((menus[0].Before.Single(), menus[0].After.Single()), Is.EqualTo((
            "/generations/ID/kernels/k root=/dev/nfs nfsroot=192.0.2.1:/opt/ondemand/generations/ID/root,vers=3 quiet",
            "/generations/ID/kernels/k root=/dev/nfs nfsroot=192.0.2.1:/opt/ondemand/generations/ID/root,vers=3 noapic")));

        void Publish(string id, string option)
        {
            var menu = _two.Temp.Write($"menus-{id}/dom0.conf", $"linux /generations/{id}/kernels/k root=/dev/nfs nfsroot=192.0.2.1:/opt/ondemand/generations/{id}/root,vers=3 {option}\n");
            File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(menu)!, "post01.conf"), "dom0.conf");
            new Publication(_two.Places).Publish(new PublicationRequest(id, new MenuSet($"key-{id}", Path.GetDirectoryName(menu)!)));
        }
    }

    [Test]
    public void I_am_told_that_there_is_no_difference()
    {
        var id = _two.Make("one");
        var other = _two.Make("two");

        Assert.That(DifferenceText.Write(_two.Between(id, id)), Does.Contain("No difference: it is one generation.").And.Not.Contain("Files"));
        Assert.That(_two.Between(id, other).IsNone, Is.True);
        Assert.That(DifferenceText.Write(_two.Between(id, other)), Does.EndWith("No difference.\n"));
        Assert.That(DifferencePage.Write(_two.Between(id, other)), Does.Contain("<p>No difference.</p>"));
    }

    [TestCase("manifest.json", null, "manifest.json")]
    [TestCase("manifest.json", "{\"format\":1,\"setIdFiles\":[],\"entries\":[\n{\"path\":\"/\",", "manifest.json")]
    [TestCase("manifest.json", "{\"format\":1,\"setIdFiles\":[],\"entries\":[null]}", "manifest.json")]
    [TestCase("manifest.json", "{\"format\":1,\"setIdFiles\":[],\"entries\":[{\"path\":null,\"type\":\"File\"}]}", "manifest.json")]
    [TestCase("tftp.json", "[]", "tftp.json")]
    [TestCase("packages.txt", null, "packages.txt")]
    [TestCase("generation.json", "{", "generation.json")]
    public void I_am_told_which_file_is_missing_or_damaged(string name, string? content, string told)
    {
        var (old, now) = (_two.Make("old"), _two.Make("new"));
        var file = Path.Combine(GenerationTree.Finished(_two.Places, now).ImageDirectory, name);
        File.Delete(file);
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        Assert.That(() => _two.Between(old, now), Throws.TypeOf<BuildFailedException>().With.Message.Contains($"/{now}/{told}'"));
    }

    [Test]
    public void I_am_told_the_nearest_of_a_generation_that_is_not_there()
    {
        var old = _two.Make("old");

        Assert.That(() => _two.Between(old, "trixie-odl"), Throws.TypeOf<BuildFailedException>().With.Message.Contains("there is no generation 'trixie-odl'").And.Message.Contains("Did you mean 'trixie-old'?"));
    }

    [Test]
    public void Without_words_I_compare_what_hosts_boot_with_the_newest()
    {
        var old = _two.Make("old");
        Assert.That(() => ComparedPair.Of(_two.Places, null, null), Throws.TypeOf<BuildFailedException>().With.Message.Contains("nothing is published"));

        new Publication(_two.Places).Publish(new PublicationRequest(old, new MenuSet("first", _two.Temp.Make("menus"))));
        var now = _two.Make("new");

        Assert.That(ComparedPair.Of(_two.Places, null, null), Is.EqualTo((old, now)));
        Assert.That(ComparedPair.Of(_two.Places, now, old), Is.EqualTo((now, old)));
        Assert.That(_two.Between(old, now).From.Published, Is.True);
    }

    [Test]
    public void An_older_generation_without_a_manifest_of_what_TFTP_serves_is_compared_all_the_same()
    {
        var (old, now) = (_two.Make("old"), _two.Make("new", fill: root => root.Write("/etc/motd", "new")));
        File.Delete(GenerationTree.Finished(_two.Places, old).TftpManifestFile);

        var difference = _two.Between(old, now);

        Assert.That(difference.Files.Single().Path, Is.EqualTo("/etc/motd"));
        Assert.That(difference.Notes.Single(), Does.Contain(old).And.Contain("before there was a manifest"));
    }

    private static IEnumerable<string> Forms(GenerationDifference difference)
        => [DifferenceText.Write(difference), DifferencePage.Write(difference), System.Text.Json.JsonSerializer.Serialize(difference, DifferenceJson.Default.GenerationDifference)];
}
