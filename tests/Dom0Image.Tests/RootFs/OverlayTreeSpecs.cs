using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.RootFs.Overlays;
using Dom0Image.Store;
using Dom0Image.Tests.CommandLine;
using Mono.Unix.Native;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class OverlayTreeSpecs
{
    private TempDirectory _temp = null!;

    [SetUp]
    public void SetUp() => _temp = new TempDirectory();

    [TearDown]
    public void TearDown() => _temp.Dispose();

    [Test]
    public void I_am_told_of_all_that_cannot_go_into_an_image_at_once_and_nothing_waits_for_it()
    {
        Assert.That(Syscall.mkfifo(Named("pipe"), (FilePermissions)Mode("0644")), Is.Zero);
        Assert.That(Syscall.mkfifo(Named($"pi\npe{ByteName.FromBytes([0xFF])}"), (FilePermissions)Mode("0644")), Is.Zero);
        Assert.That(Syscall.mknod(Named("null"), FilePermissions.S_IFCHR | (FilePermissions)Mode("0666"), 0x103ul), Is.Zero);
        Assert.That(Syscall.mknod(_temp.Make("other") + "/socket", FilePermissions.S_IFSOCK | (FilePermissions)Mode("0644"), 0), Is.Zero);

        var problem = Assert.Throws<BuildFailedException>(() => OverlayTree.ReadAll([_temp["small"], _temp["other"], _temp["missing"]]))!;

        Assert.That(problem.Diagnostics.Select(d => d.What.Replace(_temp.Path, "", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "overlay '/small/null' is a device node; an overlay holds files, directories and symlinks",
            @"overlay '/small/pi\x0ape\xff' is a named pipe; an overlay holds files, directories and symlinks",
            "overlay '/small/pipe' is a named pipe; an overlay holds files, directories and symlinks",
            "overlay '/other/socket' is a socket; an overlay holds files, directories and symlinks",
            "there is no overlay directory '/missing'",
        }));
    }

    [Test]
    public void I_am_told_which_lines_of_modes_fit_nothing()
    {
        _temp.Write("small/etc/motd");
        FileChange.MakeLink(Named("link"), "etc");
        _temp.Write("small.modes", "0600 /etc/modt\n0600 /link\n\nrw /etc/motd\n0600 etc/motd\n0600 /etc/motd\n0644 /etc/motd\n");

        var problem = Assert.Throws<BuildFailedException>(() => OverlayTree.Read(_temp["small"]))!;

        Assert.That(problem.Diagnostics.Select(d => d.ToString().Replace(_temp.Path + "/", "", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "small.modes:4:1: 'rw /etc/motd' gives no mode to a path; expected an octal mode and an absolute path, such as '0440 /etc/sudoers.d/admins'",
            "small.modes:5:1: '0600 etc/motd' gives no mode to a path; expected an octal mode and an absolute path, such as '0440 /etc/sudoers.d/admins'",
            "small.modes:7:1: '/etc/motd' has a mode already, in line 6",
            "small.modes:1:1: the overlay has no '/etc/modt'. Did you mean '/etc/motd'?",
            "small.modes:2:1: '/link' is a symlink, and has no mode",
        }));
    }

    [TestCase("022")]
    [TestCase("077")]
    public void I_am_told_once_of_a_mode_that_no_line_keeps(string umask)
    {
        var closed = umask == "077";
        foreach (var (path, mode) in new[] { ("", closed ? "0700" : "0755"), ("etc", closed ? "0700" : "0755"), ("etc/usual", closed ? "0600" : "0644"), ("etc/tool", closed ? "0700" : "0755"), ("etc/odd", "0640"), ("etc/kept", "0640") })
        {
            _ = path is "" or "etc" ? _temp.Make($"small/{path}") : _temp.Write($"small/{path}");
            FileChange.SetMode(Named(path), Mode(mode));
        }

        _temp.Write("small.modes", "0600 /etc/kept\n");

        var notes = OverlayTree.Read(_temp["small"]).Notes().ToList();

        Assert.That(notes[0], Does.StartWith("overlay small: /etc/odd has mode 0640 here and gets 0644 in the image; a line '0640 /etc/odd' in ").And.EndWith("small.modes would keep it"));
        Assert.That(notes.Skip(1), closed ? Has.One.StartsWith("overlay small: 3 files and directories have the modes of a checkout under umask 0077;") : Is.Empty);
    }

    [Test]
    public void I_get_another_key_for_each_thing_that_shapes_the_image()
    {
        _temp.Write("small/etc/motd", "x");
        FileChange.MakeLink(Named("link"), "etc");
        var keys = new List<StageKey> { KeyOf(_temp["small"]) };

        foreach (var change in new Action[]
        {
            () => _temp.Write("small/etc/motd", "y"),
            () => FileChange.SetMode(Named("etc/motd"), Mode("0744")),
            () => _temp.Write("small.modes", "0700 /etc/motd\n"),
            () => _temp.Write("small.modes", "0700 /etc/motd\n0755 /etc\n"),
            () => _temp.Write($"small/etc/more"),
            () => FileChange.MakeFile(Named(ByteName.FromBytes([0xFE])), [], Mode("0644")),
            () => Durable.Rename(Named(ByteName.FromBytes([0xFE])), Named(ByteName.FromBytes([0xFF]))),
            () => Durable.SwapLink(Named("link"), "usr"),
            () => _temp.Make("small/empty"),
        })
        {
            change();
            keys.Add(KeyOf(_temp["small"]));
        }

        Assert.That(keys, Is.Unique);
        FileChange.SetMode(Named("etc"), Mode("0700"));
        Assert.That(KeyOf(_temp["small"]), Is.EqualTo(keys[^1]), "a mode that a umask makes is none of them");
    }

    [Test]
    public async Task I_get_the_same_image_from_a_clone_under_any_umask()
    {
        foreach (var umask in new[] { "022", "077", "002" })
        {
            await new ToolRunner().RunAsync(new ToolCommand(
                "sh", "-c", "umask \"$1\" && exec git clone --quiet --no-local --depth=1 -- \"$2\" \"$3\"", "sh", umask, $"file://{Checkout.Root}", _temp[umask]));
        }

        var overlays = Directory.GetDirectories(_temp["022/overlays"]).Select(path => Path.GetFileName(path)).ToList();
        Assert.That(overlays, Has.Member("base"));
        Assert.That(FileNode.Get(_temp["077/overlays/base/etc/fstab"]).Mode, Is.EqualTo(Mode("0600")), "the umask was heeded");
        foreach (var overlay in overlays)
        {
            Assert.That(KeyOf(_temp[$"077/overlays/{overlay}"]), Is.EqualTo(KeyOf(_temp[$"022/overlays/{overlay}"])), overlay);
            Assert.That(KeyOf(_temp[$"002/overlays/{overlay}"]), Is.EqualTo(KeyOf(_temp[$"022/overlays/{overlay}"])), overlay);
        }
    }

    [Test]
    public void Our_own_overlays_need_no_line()
        => Assert.That(Directory.GetDirectories(Path.Combine(Checkout.Root, "overlays")).SelectMany(path => OverlayTree.Read(path).Notes()).Where(note => note.Contains("would keep it", StringComparison.Ordinal)), Is.Empty);

    private static StageKey KeyOf(string overlay)
    {
        var key = StageKey.For("overlay", 1);
        OverlayTree.Read(overlay).AddTo(key);
        return key.Build();
    }

    private string Named(string name) => $"{_temp.Make("small")}/{name}";
}
