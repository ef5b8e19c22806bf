using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Tests.RootFs;
using Dom0Image.Verification;
using Mono.Unix.Native;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.Verification;

/// <summary>Faults of an image's tree, one after the other.</summary>
internal static class PlantedFaults
{
    private const string NoPassword = "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n";

    private static readonly int LeakOffset = (1 << 20) - 7;

    /// <summary>All of them.</summary>
    public static IEnumerable<PlantedFault> All() => [.. Flash(), .. Start(), .. Secrets(), .. Tree(), .. Leaks(), .. Accounts()];

    private static IEnumerable<PlantedFault> Flash()
    {
        yield return new("a flash that is a link", FindingKind.FlashNoDirectory, "/flash", whole =>
        {
            Directory.Move(whole.Root + "/flash", whole.Root + "/usr/flash");
            FileChange.SetMode(whole.Root + "/usr/flash/var/tmp", Mode("0755"));
            whole.Image.Link("/flash", "usr/flash");
        })
        { Packed = false };
        yield return new("a flash that is not there", FindingKind.FlashNoDirectory, "/flash", whole =>
        {
            whole.Delete("/flash");
            foreach (var entry in whole.Recipe.Flash.Entries)
            {
                FileChange.Delete(whole.Root + entry.Path);
            }

            whole.Image.File("/etc/machine-id", "", Mode("0444"));
        })
        { Packed = false };
        yield return new("a directory below flash that is a link", FindingKind.FlashWay, "/flash/var/lib", whole =>
        {
            Directory.Move(whole.Root + "/flash/var/lib", whole.Root + "/usr/moved");
            whole.Image.Link("/flash/var/lib", "../../usr/moved");
        });
        yield return Instead("a writable path that is no link", FindingKind.FlashLink, "/var/log", (image, path) => image.Dir(path, Mode("0755")));
        yield return Instead("a writable path whose link leads elsewhere", FindingKind.FlashLink, "/var/log", (image, path) => image.Link(path, "/var/lib"));
        yield return new("a writable path that leads nowhere", FindingKind.FlashMissing, "/var/lib/xen", whole => whole.Delete("/flash/var/lib/xen"));
        yield return new("another link that leads nowhere", FindingKind.LinkIntoFlash, "/usr/lib/link", whole => whole.Image.Link("/usr/lib/link", "/flash/nowhere"));
        yield return new("a relative link that leads nowhere", FindingKind.LinkIntoFlash, "/usr/lib/link", whole => whole.Image.Link("/usr/lib/link", "../../flash/var/nowhere"));
        yield return new("a link that climbs out of its writable path", FindingKind.LinkIntoFlash, "/flash/var/log/link", whole => whole.Image.Link("/flash/var/log/link", "../nowhere"));
        yield return Instead("a writable path of another kind", FindingKind.FlashOtherKind, "/flash/etc/machine-id", (image, path) => image.Dir(path, Mode("0755")));
        yield return Instead("a writable link that leads elsewhere", FindingKind.FlashTarget, "/flash/etc/localtime", (image, path) => image.Link(path, "/usr/share/zoneinfo/GMT"));
        yield return new("a writable path with another mode", FindingKind.FlashMode, "/flash/var/log", whole => whole.Image.Dir("/flash/var/log", Mode("0700")));
        yield return new("a writable path of another owner", FindingKind.FlashOwner, "/flash/var/lib/xen", whole => whole.Image.Dir("/flash/var/lib/xen", Mode("0750")));
        yield return new("a writable path of another group", FindingKind.FlashOwner, "/flash/var/lib/xen", whole => whole.Image.Dir("/flash/var/lib/xen", Mode("0750"), 107));
        yield return new("an edit that clients would not see", FindingKind.RamTreeStale, FlashPaths.RamTree, whole => whole.Image.File("/flash/var/lib/xen/kept", "edited")) { Packed = false };
        yield return new("an ACL that clients would not see", FindingKind.RamTreeStale, FlashPaths.RamTree, whole => KernelView.SetAttribute(whole.Root + "/flash/var/lib/xen/kept", "edited")) { Packed = false };
        yield return new("a RAM tree that is not there", FindingKind.RamTreeStale, FlashPaths.RamTree, whole => whole.Delete(FlashPaths.RamTree)) { Packed = false };
    }

    private static PlantedFault Instead(string name, FindingKind kind, string path, Action<TestImage, string> make) => Instead(name, kind, path, path, make);

    private static PlantedFault InsteadOfInit(string name, FindingKind kind, Action<TestImage, string> make) => Instead(name, kind, "/sbin/init", "/usr/sbin/init", make);

    // Something else at a place; told is its path as the image has it.
    private static PlantedFault Instead(string name, FindingKind kind, string told, string place, Action<TestImage, string> make) => new(name, kind, told, whole =>
    {
        whole.Delete(place);
        make(whole.Image, place);
    });

    private static IEnumerable<PlantedFault> Start()
    {
        static string Place(InitSystem init, string service) => init == InitSystem.Systemd ? $"{FlashPaths.Support}/{service}" : $"/etc/init.d/{service}";

        yield return new("no place for the RAM tree", FindingKind.RamTreeAside, FlashPaths.Aside, whole => whole.Delete(FlashPaths.Aside));
        yield return new("no device nodes", FindingKind.RamTreeDevices, FlashPaths.Devices, whole => whole.Delete(FlashPaths.Devices)) { From = recipe => recipe with { Suite = "etch" } };
        yield return new("no init", FindingKind.InitMissing, "/sbin/init", whole => whole.Delete("/usr/sbin/init"));
        yield return InsteadOfInit("an init that is a link to nothing", FindingKind.InitMissing, (image, init) => image.Link(init, "/lib/nowhere"));
        yield return InsteadOfInit("an init that cannot be run", FindingKind.InitMissing, (image, init) => image.File(init, "program", Mode("0644")));
        yield return InsteadOfInit("systemd in place of System V init", FindingKind.InitOther, (image, init) =>
        {
            image.Dir("/usr/lib/systemd", Mode("0755"));
            image.File("/usr/lib/systemd/systemd", "program", Mode("0755"));
            image.Link(init, "/lib/systemd/systemd");
        }) with
        { Only = InitSystem.Sysvinit };
        yield return InsteadOfInit("System V init in place of systemd", FindingKind.InitOther, (image, init) => image.File(init, "program", Mode("0755"))) with { Only = InitSystem.Systemd };
        yield return InsteadOfInit("another init", FindingKind.InitOther, (image, init) =>
        {
            image.File("/usr/bin/busybox", "program", Mode("0755"));
            image.Link(init, "../bin/busybox");
        });
        yield return new("an inittab that is not there", FindingKind.InitTable, "/etc/inittab", whole => whole.Delete("/etc/inittab")) { Only = InitSystem.Sysvinit };
        yield return new("an inittab without the boot", FindingKind.InitTable, "/etc/inittab", whole => whole.Image.File("/etc/inittab", "id:2:initdefault:\n#si::sysinit:/etc/init.d/rcS\n")) { Only = InitSystem.Sysvinit };
        yield return new("an inittab whose program is not there", FindingKind.InitTable, "/etc/inittab", whole => whole.Delete("/etc/init.d/rcS")) { Only = InitSystem.Sysvinit };

        foreach (var (init, service) in from init in Enum.GetValues<InitSystem>() from service in new[] { RamTreeScripts.RamTree, RamTreeScripts.Identity } select (init, service))
        {
            var place = Place(init, service);
            yield return new($"a {service} that is not there", FindingKind.BootScript, place, whole => whole.Delete(place)) { Only = init };
            yield return new($"a {service} that cannot be run", FindingKind.BootScript, place, whole => FileChange.SetMode(whole.Root + place, Mode("0644"))) { Only = init };
            yield return new($"a {service} that is empty", FindingKind.BootScript, place, whole => whole.Image.File(place, "", Mode("0755"))) { Only = init };
            yield return new($"a {service} that was edited", FindingKind.BootScript, place, whole => whole.Image.File(place, whole.Image.Read(place).Replace("start | '')", "start)"), Mode("0755"))) { Only = init };
        }

        foreach (var service in new[] { RamTreeScripts.RamTree, RamTreeScripts.Identity })
        {
            var script = $"/etc/init.d/{service}";
            string Link(WholeGeneration whole) => Directory.GetFileSystemEntries(whole.Root + "/etc/rcS.d", $"S*{service}").Single();
            yield return new($"a {service} without a link", FindingKind.BootScriptNotStarted, script, whole => File.Delete(Link(whole))) { Only = InitSystem.Sysvinit };
            yield return new($"a {service} whose link leads elsewhere", FindingKind.BootScriptNotStarted, script, whole =>
            {
                var link = Link(whole);
                File.Delete(link);
                File.CreateSymbolicLink(link, "../init.d/rcS");
            })
            { Only = InitSystem.Sysvinit };
            yield return new($"a {service} that startpar does not know", FindingKind.BootScriptNotStarted, script,
                whole => whole.Image.File("/etc/init.d/.depend.boot", whole.Image.Read("/etc/init.d/.depend.boot").Replace($" {service} ", " ").Replace($" {service}\n", "\n")))
            { Only = InitSystem.Sysvinit };

            var unit = $"/usr/lib/systemd/system/{service}.service";
            yield return new($"a {service} without a unit", FindingKind.BootUnit, unit, whole => whole.Delete(unit)) { Only = InitSystem.Systemd };
            yield return new($"a {service} whose unit was edited", FindingKind.BootUnit, unit, whole => whole.Image.File(unit, whole.Image.Read(unit).Replace("Before=", "After="))) { Only = InitSystem.Systemd };
            yield return new($"a {service} that is masked", FindingKind.BootUnit, $"/etc/systemd/system/{service}.service", whole => whole.Image.Link($"/etc/systemd/system/{service}.service", "/dev/null")) { Only = InitSystem.Systemd };
            foreach (var place in new[] { $"/usr/local/lib/systemd/system/{service}.service", $"/etc/systemd/system.control/{service}.service" })
            {
                yield return new($"a {service} for which {place} stands in", FindingKind.BootUnit, place, whole => Put(whole, place, whole.Image.Read(unit))) { Only = InitSystem.Systemd };
            }

            foreach (var place in new[] { $"/etc/systemd/system/{service}.service.d/more.conf", "/etc/systemd/system/service.d/more.conf", "/usr/lib/systemd/system/dom0-.service.d/more.conf" })
            {
                yield return new($"a {service} that {place} changes", FindingKind.BootUnit, place, whole => Put(whole, place, "[Service]\nPrivateMounts=yes\n")) { Only = InitSystem.Systemd };
            }

            yield return new($"a {service} that nothing wants", FindingKind.BootScriptNotStarted, unit, whole => whole.Delete($"/usr/lib/systemd/system/sysinit.target.wants/{service}.service")) { Only = InitSystem.Systemd };
        }

        yield return new("a script before the RAM tree", FindingKind.BootScriptLate, "/etc/rcS.d", whole => whole.Image.Link("/etc/rcS.d/S01checkroot.sh", "../init.d/udev")) { Only = InitSystem.Sysvinit };
        yield return new("an identity before the RAM tree", FindingKind.BootScriptLate, "/etc/rcS.d", whole =>
        {
            File.Delete(whole.Root + "/etc/rcS.d/S99dom0-identity");
            whole.Image.Link("/etc/rcS.d/S00dom0-identity", "../init.d/dom0-identity");
        })
        { Only = InitSystem.Sysvinit };
    }

    private static IEnumerable<PlantedFault> Secrets()
    {
        static PlantedFault Key(string name, string path, string? found = null) => new(name, FindingKind.Secret, found ?? path, whole =>
        {
            ImageDirectory.Ensure(whole.Root, ContainedPath.Parent(path));
            whole.Image.File(path, "key", Mode("0600"));
        });

        yield return Key("a host key", "/flash/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key");
        yield return Key("a host key of dropbear", "/etc/dropbear/dropbear_ed25519_host_key");
        yield return Key("a host key of dropbear in an initramfs", "/etc/dropbear/initramfs/dropbear_rsa_host_key");
        yield return Key("a random seed", "/var/lib/urandom/random-seed");
        yield return Key("a random seed of systemd", "/var/lib/systemd/random-seed");
        yield return new("a machine-id behind its link", FindingKind.Secret, "/etc/machine-id", whole => whole.Image.File("/flash/etc/machine-id", "0123456789abcdef\n", Mode("0444")));
        yield return new("a machine-id of D-Bus", FindingKind.Secret, "/var/lib/dbus/machine-id", whole =>
        {
            whole.Image.Dir("/var/lib/dbus", Mode("0755"));
            whole.Image.File("/var/lib/dbus/machine-id", "0123456789abcdef\n");
        });
        yield return new("no machine-id", FindingKind.MachineIdMissing, "/etc/machine-id", whole => FileChange.Delete(whole.Root + "/etc/machine-id"))
        {
            Only = InitSystem.Systemd,
            From = recipe => recipe with { Flash = WholeGeneration.Without(recipe.Flash, "/etc/machine-id") },
        };
        yield return new("a machine-id that all clients share", FindingKind.MachineIdNotWritable, "/etc/machine-id", _ => { }) { From = recipe => recipe with { Flash = WholeGeneration.Without(recipe.Flash, "/etc/machine-id") } };
        yield return new("an SSH server that came after the steps", FindingKind.HostKeysNotWritable, "/etc/ssh", whole => whole.Image.File("/usr/sbin/sshd", "program", Mode("0755")))
        {
            From = recipe => recipe with { Flash = WholeGeneration.Without(recipe.Flash, "/etc/ssh") },
        };
        yield return new("package lists", FindingKind.BuildTrace, "/var/lib/apt/lists/Packages", whole =>
        {
            whole.Image.Dir("/var/lib/apt", Mode("0755"));
            whole.Image.Dir("/var/lib/apt/lists", Mode("0755"));
            whole.Image.File("/var/lib/apt/lists/Packages", "list");
        });
        yield return new("a backup of passwords", FindingKind.BuildTrace, "/etc/shadow-", whole => whole.Image.File("/etc/shadow-", "root:x", Mode("0600")));
        foreach (var own in SecretPaths.Host.Where(path => File.Exists(path) && new FileInfo(path).Length > 0))
        {
            yield return new($"the build machine's {own}", FindingKind.BuildMachinesFile, own, whole => whole.Image.File(own, File.ReadAllText(own)));
            yield return new($"the build machine's {own} with an empty line", FindingKind.BuildMachinesFile, own, whole => whole.Image.File(own, File.ReadAllText(own) + "\n"));
        }
    }

    private static IEnumerable<PlantedFault> Tree()
    {
        yield return new("an image without a directory", FindingKind.TreeIncomplete, "/var", whole => whole.Delete("/var")) { Packed = false };
        yield return new("an image with an empty directory", FindingKind.TreeIncomplete, "/etc", whole =>
        {
            whole.Delete("/etc");
            whole.Image.Dir("/etc", Mode("0755"));
        })
        { Packed = false };
        yield return new("a file system that is still mounted", FindingKind.OtherFileSystem, "/mnt", whole => whole.Mount("/mnt"));
        yield return new("a device node", FindingKind.DeviceNode, "/usr/lib/mem", whole => Assert.That(Syscall.mknod(whole.Root + "/usr/lib/mem", FilePermissions.S_IFCHR | (FilePermissions)Mode("0600"), 0x101ul), Is.Zero));
        yield return new("an overlay's deletion", FindingKind.OverlayTrace, "/dev/gone", whole => Assert.That(Syscall.mknod(whole.Root + "/dev/gone", FilePermissions.S_IFCHR, 0), Is.Zero));
        yield return new("an overlay's mark", FindingKind.OverlayTrace, "/usr/lib", whole => ExtendedAttributes.Set(whole.Root + "/usr/lib", "trusted.overlay.opaque", "y"u8.ToArray()));
        yield return new("a set-uid file", FindingKind.SetUid, "/usr/bin/ping", whole => whole.Image.File("/usr/bin/ping", "", Mode("4755")));
        yield return new("a set-gid file", FindingKind.SetUid, "/usr/bin/write", whole => whole.Image.File("/usr/bin/write", "", Mode("2755")));
        yield return new("a set-uid file below flash", FindingKind.SetUid, "/flash/var/lib/xen/kept", whole => FileChange.SetMode(whole.Root + "/flash/var/lib/xen/kept", Mode("4755")));
        yield return new("a file that all may write", FindingKind.WorldWritable, "/usr/lib/open", whole => whole.Image.File("/usr/lib/open", "", Mode("0666")));
        yield return new("a root that all may write", FindingKind.WorldWritable, "/", whole => FileChange.SetMode(whole.Root, Mode("0777")));
        yield return new("a directory that all may write", FindingKind.WorldWritable, "/usr/lib/open", whole => whole.Image.Dir("/usr/lib/open", Mode("1777")));
        yield return new("a name that is no text and is open to all", FindingKind.WorldWritable, "/usr/lib/\0\u00ff", whole => whole.Image.File("/usr/lib/\0\u00ff", "", Mode("0666")));
        yield return new("a directory below flash where all may delete", FindingKind.WritableWithoutSticky, "/flash/var/lib/xen/open", whole => whole.Image.Dir("/flash/var/lib/xen/open", Mode("0777")));
        yield return new("a file below flash that all may write", FindingKind.WritableFlashFile, "/flash/var/lib/xen/open", whole => whole.Image.File("/flash/var/lib/xen/open", "", Mode("0666")));
    }

    private static IEnumerable<PlantedFault> Leaks()
    {
        static PlantedFault In(string name, string path, string content) => new(name, FindingKind.HostPathInFile, path, whole => whole.Image.File(path, content));

        const string Path = WholeGeneration.HostPath;
        yield return In("a path of the build machine", "/etc/leak", $"from {Path}/work\n");
        yield return In("a path of the build machine below flash", "/flash/var/log/leak", Path);
        yield return In("a path of the build machine in a program", "/usr/bin/program", $"\u007fELF\0{Path}/work/build\0");
        yield return In("a path of the build machine in a library", "/usr/lib/library.so", $"\0{Path}\0");
        yield return In("a path of the build machine in a directory of root's", "/root/.profile", $"cd {Path}\n");
        yield return In("a path of the build machine far back in a large file", "/usr/lib/large", new string('x', 3 << 20) + " " + Path);
        yield return In("a path of the build machine across two blocks of a large file", "/usr/lib/large", new string('x', LeakOffset) + " " + Path + "\n" + new string('x', 1 << 20));
        yield return In("a path of the build machine in a file whose name is no text", "/etc/\0\u00ff", Path);
        yield return new("a link to a path of the build machine", FindingKind.HostPathInLink, "/usr/lib/build", whole => whole.Image.Link("/usr/lib/build", $"{Path}/work/linux"));
        yield return new("a directory of the build machine", FindingKind.HostPathMade, Path, whole => ImageDirectory.Ensure(whole.Root, Path));
        yield return new("a build machine without paths", FindingKind.HostPathsUnknown, "/", whole => whole.HostPaths = []);
    }

    private static IEnumerable<PlantedFault> Accounts()
    {
        static PlantedFault Shadow(string name, FindingKind kind, string text) => new(name, kind, "/etc/shadow", whole => whole.Image.File("/etc/shadow", text, Mode("0640")));

        const string PasswdText = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nxend:x:107:109::/:/bin/false\n";
        yield return Shadow("an empty password", FindingKind.RootWithoutPassword, NoPassword.Replace("root:*", "root:"));
        yield return Shadow("an empty password in a second line", FindingKind.RootWithoutPassword, NoPassword + "root::19000:0:99999:7:::\n");
        yield return Shadow("an empty password of another user", FindingKind.UserWithoutPassword, NoPassword.Replace("daemon:*", "daemon:"));
        yield return Shadow("an empty file of passwords", FindingKind.AccountsUnreadable, "");
        yield return new("no file of passwords", FindingKind.AccountsUnreadable, "/etc/shadow", whole => whole.Delete("/etc/shadow"));
        yield return new("a file of accounts without root", FindingKind.AccountsUnreadable, "/etc/passwd", whole => whole.Image.File("/etc/passwd", PasswdText.Replace("root:x:0:0:root:/root:/bin/sh\n", "")));
        yield return new("an empty password in the file of accounts", FindingKind.PasswdWithoutPassword, "/etc/passwd", whole => whole.Image.File("/etc/passwd", PasswdText.Replace("daemon:x", "daemon:")));
        yield return new("an empty password of root in the file of accounts", FindingKind.RootWithoutPassword, "/etc/passwd", whole => whole.Image.File("/etc/passwd", PasswdText.Replace("root:x", "root:")));
        yield return new PlantedFault("an account that is not as its line says", FindingKind.AccountNotOfLine, "/etc/passwd", whole => whole.Image.File("/etc/passwd", PasswdText + "sshd:x:992:65534::/:/bin/false\n"))
            .With(whole => whole.Accounts += "user sshd 994\n");
        yield return new PlantedFault("an account that moved", FindingKind.AccountMoved, "/etc/passwd", whole => whole.Image.File("/etc/passwd", PasswdText + "mysql:x:994:994::/:/bin/false\n"))
            .With(whole => Publish(whole, "mysql:x:992:994::/:/bin/false\n"));
        yield return new PlantedFault("an account that has another's id", FindingKind.AccountInherited, "/etc/passwd", whole => whole.Image.File("/etc/passwd", PasswdText + "mysql:x:994:994::/:/bin/false\n"))
            .With(whole => Publish(whole, "sshd:x:994:994::/:/bin/false\n"));
    }

    private static void Publish(WholeGeneration whole, string passwd)
    {
        Directory.CreateDirectory(whole.Published + "/etc");
        File.WriteAllText(whole.Published + "/etc/passwd", passwd);
    }

    private static PlantedFault With(this PlantedFault fault, Action<WholeGeneration> also) => fault with
    {
        Plant = whole =>
        {
            fault.Plant(whole);
            also(whole);
        },
    };

    private static void Put(WholeGeneration whole, string path, string content)
    {
        var ways = path.Split('/')[1..^1];
        for (var i = 1; i <= ways.Length; i++)
        {
            whole.Image.Dir("/" + string.Join('/', ways[..i]), Mode("0755"));
        }

        whole.Image.File(path, content);
    }
}
