using Dom0Image.Edits.Layers;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Edits;

/// <summary>What of an edit is a package's, a setting, or a path of one's own.</summary>
internal sealed class CaptureSpecs
{
    [Test]
    public void I_am_told_what_became_of_packages()
    {
        using var bed = new EditBed();
        bed.Lower($"{Status(("dpkg", "1", ""), ("old", "1", ""), ("lib", "1", ""), ("fixed", "1", "hold"), ("free", "1", ""), ("gone", "1", ""))}; {Automatic("lib")}");
        bed.Edit($"{Status(("dpkg", "1", ""), ("old", "2", ""), ("lib", "1", ""), ("fixed", "1", ""), ("free", "1", "hold"), ("added", "3", ""), ("needed", "4", ""))}; {Automatic("needed")}");

        var packages = bed.Take(local: package => package.Name == "added" ? "sum" : null).Packages;

        Assert.Multiple(() =>
        {
            Assert.That(packages.Added, Is.EqualTo(new[] { new PackageChoice("added", "3", "amd64", "sum") }));
            Assert.That(packages.Needed, Is.EqualTo(new[] { new PackageChoice("needed", "4", "amd64") }));
            Assert.That(packages.Removed, Is.EqualTo(new[] { "gone" }));
            Assert.That(packages.Changed, Is.EqualTo(new[] { new PackageChoice("old", "2", "amd64") }));
            Assert.That(packages.Held, Is.EqualTo(new[] { "free" }));
            Assert.That(packages.Released, Is.EqualTo(new[] { "fixed" }));
            Assert.That(packages.Manual, Is.EqualTo(new[] { "lib" }));
        });
    }

    [Test]
    public void Files_of_a_package_that_came_are_its_own_unless_somebody_edited_them()
    {
        using var bed = new EditBed();
        bed.Lower(Status(("dpkg", "1", "")));
        bed.Edit(
            $$"""
            {{Status(("dpkg", "1", ""), ("tool", "1", ""))}}
            mkdir -p usr/share/tool etc/tool; printf a >usr/bin/tool; printf b >usr/share/tool/data; printf c >etc/tool/own.conf
            printf '/.\n/usr\n/usr/bin\n/usr/bin/tool\n/usr/share\n/usr/share/tool\n/usr/share/tool/data\n/etc\n/etc/tool\n' >var/lib/dpkg/info/tool.list
            (md5sum usr/bin/tool usr/share/tool/data) >var/lib/dpkg/info/tool.md5sums
            printf changed >usr/share/tool/data
            """);

        var edit = bed.Take();

        Assert.That(edit.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/tool/own.conf", "/usr/share/tool/data" }));
        Assert.That(edit.OfNewPackages, Is.EqualTo(new[] { ("/usr/share/tool/data", "tool") }));
    }

    [Test]
    public void What_goes_with_a_package_is_no_deletion_of_mine()
    {
        using var bed = new EditBed();
        bed.Lower($"{Status(("dpkg", "1", ""), ("tool", "1", ""))}; mkdir usr/lib-tool; : >usr/bin/tool; : >usr/lib-tool/made; : >usr/bin/mine; printf '/usr\\n/usr/bin\\n/usr/bin/tool\\n/usr/lib-tool\\n' >var/lib/dpkg/info/tool.list");
        bed.Edit($"{Status(("dpkg", "1", ""))}; rm -r usr/bin/tool usr/lib-tool usr/bin/mine var/lib/dpkg/info/tool.list");

        var edit = bed.Take();

        Assert.That(edit.Packages.Removed, Is.EqualTo(new[] { "tool" }));
        Assert.That(edit.Paths.Select(path => (path.Path, path.New)), Is.EqualTo(new[] { ("/usr/bin/mine", (Dom0Image.Generations.ManifestEntry?)null) }));
    }

    [Test]
    public void I_am_warned_when_I_edit_a_packages_own_file_and_not_for_its_configuration()
    {
        using var bed = new EditBed();
        bed.Lower(
            """
            printf 'Package: tool\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nConffiles:\n /etc/tool.conf 0cc175b9c0f1b6a831c399e269772661\n' >var/lib/dpkg/status
            printf a >usr/bin/tool; printf a >usr/bin/other; printf a >etc/tool.conf; printf '/usr/bin/tool\n/usr/bin/other\n/etc/tool.conf\n' >var/lib/dpkg/info/tool.list
            """);
        bed.Edit("printf b >usr/bin/tool; printf b >etc/tool.conf; chmod 0700 usr/bin/other");

        var edit = bed.Take();

        Assert.That(edit.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/tool.conf", "/usr/bin/other", "/usr/bin/tool" }));
        Assert.That(edit.Warnings, Has.Length.EqualTo(2).And.Some.Contains("dpkg-statoverride --update --add USER GROUP MODE /usr/bin/other").And.Some.Contains("/usr/bin/tool is a file of package tool's own").And.Some.Contains("dpkg-divert --local --rename --add /usr/bin/tool"));
    }

    [Test]
    public void Users_groups_members_and_passwords_are_settings()
    {
        using var bed = new EditBed();
        bed.Lower($"{Status(("dpkg", "1", ""))}; {Accounts("root:x:0:0:root:/root:/bin/sh\nold:x:1000:1000::/home/old:/bin/sh\n", "root:x:0:\nold:x:1000:\ndisk:x:6:old\n", "root:*:1::::::\nold:!:1::::::\n")}");
        bed.Edit(
            $$"""
            {{Status(("dpkg", "1", ""), ("server", "1", ""))}}
            printf 'adduser --system _server\n' >var/lib/dpkg/info/server.postinst
            {{Accounts("root:x:0:0:root:/root:/bin/bash\nanna:x:1001:1001:Anna:/home/anna:/bin/bash\n_server:x:100:65534::/run:/bin/false\n", "root:x:0:\nanna:x:1001:\ndisk:x:6:anna\n_server:x:101:\n", "root:$6$new:1::::::\nanna:$6$hash:1::::::\n_server:!:1::::::\n")}}
            """);

        var edit = bed.Take();

        Assert.Multiple(() =>
        {
            Assert.That(edit.Settings.Users, Is.EqualTo(new[] { new UserSetting("anna", 1001, "anna", "Anna", "/home/anna", "/bin/bash"), new UserSetting("root", 0, "root", "root", "/root", "/bin/bash") }), "the package makes its own again");
            Assert.That(edit.Settings.RemovedUsers, Is.EqualTo(new[] { "old" }));
            Assert.That(edit.Settings.Groups, Is.EqualTo(new Dictionary<string, uint> { ["anna"] = 1001 }));
            Assert.That(edit.Settings.RemovedGroups, Is.EqualTo(new[] { "old" }));
            Assert.That(edit.Settings.Members, Is.EqualTo(new[] { new MemberSetting("disk", "anna", true) }));
            Assert.That(edit.Settings.Passwords, Is.EqualTo(new Dictionary<string, string> { ["anna"] = "$6$hash", ["root"] = "$6$new" }));
            Assert.That(edit.Paths, Is.Empty);
        });
    }

    [TestCase("mv etc/rc2.d/S01cron etc/rc2.d/K01cron", "cron=False")]
    [TestCase("mv etc/rc2.d/K01off etc/rc2.d/S01off", "off=True")]
    [TestCase(": >etc/init.d/new; ln -s ../init.d/new etc/rc2.d/S01new", TestName = "A script that came starts by itself")]
    [TestCase(": >etc/init.d/new; ln -s ../init.d/new etc/rc2.d/K01new", "new=False")]
    public void Services_are_settings(string script, params string[] expected)
    {
        using var bed = new EditBed();
        bed.Lower("mkdir -p etc/init.d etc/rc2.d; : >etc/init.d/cron; : >etc/init.d/off; ln -s ../init.d/cron etc/rc2.d/S01cron; ln -s ../init.d/off etc/rc2.d/K01off");
        bed.Edit(script);

        var edit = bed.Take();

        Assert.That(edit.Settings.Services.Select(service => $"{service.Key}={service.Value}"), Is.EqualTo(expected));
        Assert.That(edit.Paths.Where(path => path.Path.Contains("/rc", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Units_are_settings_and_a_mask_is_a_link()
    {
        using var bed = new EditBed { Init = InitSystem.Systemd };
        bed.Lower("mkdir -p usr/lib/systemd/system etc/systemd/system/multi-user.target.wants; for u in a b; do printf '[Install]\\nWantedBy=multi-user.target\\n' >usr/lib/systemd/system/$u.service; done; ln -s /usr/lib/systemd/system/a.service etc/systemd/system/multi-user.target.wants/");
        bed.Edit("rm etc/systemd/system/multi-user.target.wants/a.service; ln -s /usr/lib/systemd/system/b.service etc/systemd/system/multi-user.target.wants/; ln -s /dev/null etc/systemd/system/c.service");

        var edit = bed.Take();

        Assert.That(edit.Settings.Services.Select(service => $"{service.Key}={service.Value}"), Is.EqualTo(new[] { "a.service=False", "b.service=True" }));
        Assert.That(edit.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/systemd/system/c.service" }));
    }

    [Test]
    public void What_dpkg_is_told_by_name_is_a_setting()
    {
        using var bed = new EditBed();
        bed.Lower("mkdir -p var/lib/dpkg/alternatives etc/alternatives; printf 'auto\\n/usr/bin/editor\\n\\n' >var/lib/dpkg/alternatives/editor; ln -s /usr/bin/nano etc/alternatives/editor; printf '/usr/bin/a\\n/usr/bin/a.real\\nbase\\n' >var/lib/dpkg/diversions; printf 'root root 0755 /usr/bin/x\\n' >var/lib/dpkg/statoverride");
        bed.Edit("printf 'manual\\n/usr/bin/editor\\n\\n' >var/lib/dpkg/alternatives/editor; ln -sf /usr/bin/vim etc/alternatives/editor; printf '/usr/bin/a\\n/usr/bin/a.real\\nbase\\n/usr/bin/b\\n/usr/bin/b.distrib\\n:\\n' >var/lib/dpkg/diversions; printf 'root adm 4750 /usr/bin/y\\n' >var/lib/dpkg/statoverride");

        var edit = bed.Take();

        Assert.That(edit.Settings.Alternatives, Is.EqualTo(new Dictionary<string, string> { ["editor"] = "/usr/bin/vim" }));
        Assert.That(edit.Settings.Diversions, Is.EqualTo(new Dictionary<string, string?> { ["/usr/bin/b"] = "/usr/bin/b.distrib" }));
        Assert.That(edit.Settings.StatOverrides, Is.EqualTo(new Dictionary<string, string?> { ["/usr/bin/x"] = null, ["/usr/bin/y"] = "root adm 4750" }));
        Assert.That(edit.Paths, Is.Empty);
    }

    [Test]
    public void What_a_setting_does_by_itself_is_no_path()
    {
        using var bed = new EditBed();
        bed.Lower("mkdir -p var/lib/dpkg/alternatives; for f in a b c; do printf $f >usr/bin/$f; done; ln -s /etc/alternatives/pico usr/bin/pico");
        bed.Edit(
            """
            printf '/usr/bin/a\n/usr/bin/a.distrib\n:\n/usr/bin/b\n/usr/bin/b.distrib\n:\n' >var/lib/dpkg/diversions; mv usr/bin/a usr/bin/a.distrib; mv usr/bin/b usr/bin/b.distrib; printf mine >usr/bin/b
            printf 'root root 700 /usr/bin/c\n' >var/lib/dpkg/statoverride; chmod 0700 usr/bin/c
            rm usr/bin/pico
            mkdir -p var/lib/ucf/cache; printf brought >var/lib/ucf/cache/:etc:one.conf; printf brought >etc/one.conf; printf brought >var/lib/ucf/cache/:etc:two.conf; printf edited >etc/two.conf
            """);

        var edit = bed.Take();

        Assert.That(edit.Paths.Select(path => (path.Path, path.Old is null)), Is.EqualTo(new[] { ("/etc/two.conf", false), ("/usr/bin/b", true) }));
        Assert.That(edit.Settings.Diversions.Keys, Is.EqualTo(new[] { "/usr/bin/a", "/usr/bin/b" }));
        Assert.That(edit.Settings.StatOverrides.Keys, Is.EqualTo(new[] { "/usr/bin/c" }));
    }

    [Test]
    public void Answers_of_debconf_are_settings_and_what_a_package_says_by_itself_is_none()
    {
        using var bed = new EditBed();
        const string templates = "Name: a/one\\nType: select\\nDefault: x\\n\\nName: a/two\\nType: boolean\\nDefault: true\\n\\nName: a/secret\\nType: password\\n\\n";
        bed.Lower($"mkdir -p var/cache/debconf; printf '{templates}' >var/cache/debconf/templates.dat; printf 'Name: a/one\\nTemplate: a/one\\nValue: x\\nOwners: a\\n\\n' >var/cache/debconf/config.dat");
        bed.Edit("printf 'Name: a/one\\nTemplate: a/one\\nValue: y\\nOwners: a\\nFlags: seen\\n\\nName: a/two\\nTemplate: a/two\\nValue: true\\nOwners: a\\n\\nName: a/secret\\nTemplate: a/secret\\nValue: hush\\nOwners: a\\n\\n' >var/cache/debconf/config.dat");

        Assert.That(bed.Take().Settings.Debconf, Is.EqualTo(new[] { new DebconfSetting("a", "a/one", "select", "y") }));
    }

    [TestCase("printf x >root/.bash_history", "/root/.bash_history")]
    [TestCase("mkdir -p home/anna/.ssh; printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\\nx' >home/anna/.ssh/id_ed25519", "/home/anna/.ssh/id_ed25519")]
    [TestCase("printf -- '-----BEGIN RSA PRIVATE KEY-----\\nx' >etc/server.key", "/etc/server.key")]
    public void What_is_one_persons_is_not_kept_without_asking(string script, string path)
    {
        using var bed = new EditBed();
        bed.Edit(script);

        Assert.That(bed.Take().Unkept.Select(unkept => unkept.Path), Is.EqualTo(new[] { path }));
        Assert.That(bed.Take().Unkept.Single().Why, Does.EndWith("(--keep-secrets keeps it)"));
        Assert.That(bed.Take(keepSecrets: true).Paths.Select(kept => kept.Path), Does.Contain(path));
        Assert.That(bed.Take(keepSecrets: true).Unkept, Is.Empty);
    }

    [Test]
    public void What_is_derived_is_never_a_path()
    {
        using var bed = new EditBed();
        bed.Edit("mkdir -p var/cache/x var/log etc/alternatives usr/lib/python3/__pycache__ boot; for f in var/cache/x/a var/log/b etc/alternatives/c usr/lib/python3/__pycache__/d.pyc boot/initrd.img etc/ld.so.cache etc/passwd- var/lib/dpkg/e; do printf x >$f; done; printf x >usr/local");

        Assert.That(bed.Take().Paths.Select(path => path.Path), Is.EqualTo(new[] { "/boot", "/usr/lib", "/usr/lib/python3", "/usr/local" }));
    }

    private static string Status(params (string Name, string Version, string Hold)[] packages)
        => $"printf '{string.Concat(packages.Select(p => $"Package: {p.Name}\\nStatus: {(p.Hold.Length > 0 ? p.Hold : "install")} ok installed\\nArchitecture: amd64\\nVersion: {p.Version}\\n\\n"))}' >var/lib/dpkg/status";

    private static string Automatic(string package) => $"printf 'Package: {package}\\nArchitecture: amd64\\nAuto-Installed: 1\\n\\n' >var/lib/apt/extended_states";

    private static string Accounts(string passwd, string group, string shadow)
        => $"printf '{passwd.Replace("\n", "\\n", StringComparison.Ordinal)}' >etc/passwd; printf '{group.Replace("\n", "\\n", StringComparison.Ordinal)}' >etc/group; printf '{shadow.Replace("\n", "\\n", StringComparison.Ordinal)}' >etc/shadow";
}
