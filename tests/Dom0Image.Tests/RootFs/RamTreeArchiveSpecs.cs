using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.RamTree;
using Mono.Unix.Native;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class RamTreeArchiveSpecs
{
    private static readonly FlashList Flash = List(Entry("/etc/ssh"), Entry("/var/log", start: FlashStart.Tree), Entry("/var/log/xen"), Entry("/var/tmp", "1777", FlashStart.Empty));

    private TestImage _image = null!;

    [SetUp]
    public void SetUp()
    {
        _image = new TestImage();
        _image.Dir("/etc/ssh", Mode("0755"));
        _image.File("/etc/ssh/sshd_config", "Port 22\n");
        _image.Dir("/var/log/xen", Mode("0755"));
    }

    [TearDown]
    public void TearDown() => _image.Dispose();

    [Test]
    public async Task I_get_the_same_RAM_tree_on_another_day_and_what_packages_brought_keeps_its_time()
    {
        var (packaged, today) = (new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), DateTimeOffset.UtcNow);
        string[] days =
        [
            await PackedAsync(today, packaged),
            await PackedAsync(today.AddDays(40), packaged),
        ];

        Assert.That(days[0], Is.EqualTo(days[1]));
        Assert.That(FileNode.Get(_image.Root + "/flash/etc/ssh/sshd_config").WrittenAt, Is.EqualTo(packaged.ToUnixTimeSeconds()));
        Assert.That(FileNode.Get(_image.Root + "/flash/var/log/link").WrittenAt, Is.EqualTo(packaged.ToUnixTimeSeconds()), "as the newest that a package brought");
        Assert.That(await PackedAsync(today, packaged.AddDays(1)), Is.Not.EqualTo(days[0]), "a newer package is another one");
    }

    private async Task<string> PackedAsync(DateTimeOffset built, DateTimeOffset packaged)
    {
        _image.Dispose();
        SetUp();
        _image.Link("/var/log/link", "xen");
        FileChange.SetTime(_image.Root + "/etc/ssh/sshd_config", packaged);
        FlashRelocation.Relocate(_image.Root, Flash);
        await RamTreeInit.InstallAsync(_image.Context(), _image.Root, RecipeWith(Flash));
        var top = FileNode.Get(_image.Root + FlashPaths.Flash);
        foreach (var node in top.Below().Prepend(top).Where(node => node.WrittenAt > packaged.ToUnixTimeSeconds()).ToList())
        {
            FileChange.SetTime(node.Path, built);
        }

        RamTreeTimes.Settle(_image.Root, built.AddHours(-1));
        RamTreeArchive.Write(_image.Root, Flash);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_image.Root + FlashPaths.RamTree)));
    }

    // As the systemd package gives them to the journal's directory: for a group of its own, and for what is made in it.
    [Test]
    public async Task I_find_the_ACLs_and_attributes_of_the_image_in_my_RAM_and_am_told_when_they_are_others()
    {
        var acl = Convert.FromHexString("0200000001000700ffffffff04000500ffffffff080005000400000010000500ffffffff20000500ffffffff");
        string[] names = ["/var/log/xen", $"/var/log/xen/{new string('n', 120)}", "/etc/ssh/sshd_config"];
        _image.Dir(names[1], Mode("0750"));
        foreach (var (path, name, value) in new[]
        {
            (names[0], "system.posix_acl_access", acl), (names[0], "system.posix_acl_default", acl), (names[1], "system.posix_acl_default", acl),
            (names[1], "user.note", "kept"u8.ToArray()), (names[2], "user.note", new byte[300]), (names[2], "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000")),
        })
        {
            Assert.That(Syscall.lsetxattr(_image.Root + path, name, value), Is.Zero, $"{name} {Stdlib.GetLastError()}");
        }

        await Install();
        var run = RamTreeRun.Start(_image, "getfattr --absolute-names -R -d -m - -e hex /flash");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.After.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(file => file.Trim()), Is.EquivalentTo(new[]
        {
            $"# file: /flash{names[0]}\nsystem.posix_acl_access=0x{Convert.ToHexStringLower(acl)}\nsystem.posix_acl_default=0x{Convert.ToHexStringLower(acl)}",
            $"# file: /flash{names[1]}\nsystem.posix_acl_default=0x{Convert.ToHexStringLower(acl)}\nuser.note=0x{Convert.ToHexStringLower("kept"u8)}",
            $"# file: /flash{names[2]}\nuser.note=0x{new string('0', 600)}",
        }), "nosuid takes the effect from capabilities");
        Assert.That(RamTreeArchive.Staleness(_image.Root, Flash), Is.Null);

        Assert.That(Syscall.lremovexattr(_image.Root + "/flash" + names[1], "user.note"), Is.Zero);
        Assert.That(RamTreeArchive.Staleness(_image.Root, Flash), Is.EqualTo($"does not hold /flash{names[1]} as it is in the image"));
    }

    [Test]
    public async Task I_find_names_that_are_no_text_in_my_RAM_whatever_their_length()
    {
        var name = ByteName.FromBytes([(byte)'c', 0xE9]);
        var path = $"/var/log/xen/{name}";
        for (var i = 0; i < 4; i++)
        {
            path += $"/{name}{new string('d', 60)}";
        }

        for (var slash = path.IndexOf('/', "/var/log/xen/".Length); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            _image.Dir(path[..slash], Mode("0755"));
        }

        _image.File(path, "found", Mode("0640"), 107, uint.MaxValue - 2);
        Assert.That(Syscall.link(_image.Root + path, $"{_image.Root}/var/log/xen/again{name}"), Is.Zero);
        _image.Link($"/var/log/xen/link{name}", path);

        await Install();
        var run = RamTreeRun.Start(_image, "find /flash/var/log/xen -name '*again*' -printf '%p\\t%n %U %G %s\\0' -o -type l -printf '%p\\t%l\\0'");

        Assert.That(run.Pieces, Is.EquivalentTo(new[] { $"/flash/var/log/xen/again{name}\t2 107 4294967293 5", $"/flash/var/log/xen/link{name}\t{path}" }), run.Output);
        Assert.That(RamTreeArchive.Staleness(_image.Root, Flash), Is.Null);
    }

    [Test]
    public async Task I_am_told_what_takes_the_room_and_where_the_limit_stands_when_it_is_too_small()
    {
        _image.Dir("/var/log/xen/core", Mode("0755"));
        _image.File("/var/log/xen/core/dump", new string('x', 1_000_000));
        _image.File("/etc/ssh/moduli", new string('x', 500_000));
        var list = Flash with { SizeWhere = new SourceLocation("recipes/small.yaml", 42, 9), Entries = Flash.Entries.SetItem(0, Flash.Entries[0] with { Where = new SourceLocation("recipes/small.yaml", 44, 5) }) };
        await Install();

        var problem = Assert.Throws<BuildFailedException>(() => RamTreeArchive.Write(_image.Root, list))!;

        Assert.That(problem.Message, Does.StartWith("recipes/small.yaml:42:9: the files that clients start with below /flash take 1.5M of RAM, and the limit is 1M; most of it: /var/log/xen 980K, /etc/ssh (line 44) 496K, "));
    }

    private async Task Install()
    {
        FlashRelocation.Relocate(_image.Root, Flash);
        await RamTreeInit.InstallAsync(_image.Context(), _image.Root, RecipeWith(Flash));
        RamTreeArchive.Write(_image.Root, Flash with { SizeLimit = 1L << 30 });
    }
}
