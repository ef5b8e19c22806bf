using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Edits;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Edits.Packages;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Edits;

/// <summary>An edit with real packages, over the base layer that it was made on and over one in which packages are newer.</summary>
[Category("Integration")]
internal sealed class EditedBaseLayerSpecs
{
    private const string Config = "/etc/ssh/sshd_config";
    private const string Hash = "$6$salt$hashhashhashhashhash";

    private readonly TempDirectory _temp = new();
    private SignedArchive _archive = null!;
    private StageContext _context = null!;
    private Recipe _recipe = null!;
    private BaseLayerArchive _laid = null!;
    private ArchiveState _state = null!;
    private ImmutableArray<ArchiveSource> _sources;

    [OneTimeSetUp]
    public async Task Lay()
    {
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
        _archive = new SignedArchive(_temp);
        Release("1");
        _recipe = BaseLayerHelp.Recipe("trixie", packages: ["openssh-server", "nano", "vim-tiny", "edge-one", "edge-two", "edge-three"]) with { Without = [LeftOut.Docs, LeftOut.Locales, LeftOut.Man] };
        _sources = [.. await MirrorResolver.ResolveAsync(_recipe, null, null, _context), new ArchiveSource(new Uri($"file://{_archive.Root}"), _archive.Suite, ["main"], _archive.Keyring)];
        (_laid, _state) = await LayAsync();
    }

    [OneTimeTearDown]
    public void Delete()
    {
        _archive.Dispose();
        _temp.Dispose();
    }

    [Test]
    public async Task I_find_my_edit_in_a_base_whose_packages_are_newer_and_am_told_of_the_file_that_both_changed()
    {
        var old = await UnpackAsync(_laid, "old");
        var edits = Keep(old);
        var watch = Stopwatch.StartNew();
        var edited = await MakeAsync(_laid, edits);
        TestContext.Out.WriteLine($"edited base layer: {watch.Elapsed.TotalSeconds:0.0} s");
        var root = await UnpackAsync(edited.Layer, "edited");
        var report = await ApplyAsync(root, edits);
        Assert.That(edited.Conflicts.AddRange(report.Conflicts), Is.Empty);
        AssertEdited(root, "1", "mine\n");
        AssertNoTraces(root);

        var sum = Sum(edited.Layer.Archive);
        Directory.Delete(edited.Layer.Output.Directory, recursive: true);
        Assert.That(Sum((await MakeAsync(_laid, edits)).Layer.Archive), Is.EqualTo(sum), "the same base and edits give the same bytes");
        Assert.That((await MakeAsync(_laid, edits)).Layer.Output.Cached);

        // At noon, from the store alone.
        var installed = File.ReadAllLines(edited.Layer.PackageList);
        var noon = await StoredAsync(edits, installed);
        Assert.That(Sum(noon.Layer.Archive), Is.EqualTo(sum), "what is published again is what was built");

        Release("2");
        var (later, state) = await LayAsync();
        (_laid, _state) = (later, state);
        var night = await MakeAsync(later, edits);
        Assert.That(night.Conflicts, Is.Empty);
        var newer = await UnpackAsync(night.Layer, "newer");
        var nightly = await ApplyAsync(newer, edits);

        Assert.That(nightly.Conflicts.Select(conflict => conflict.What), Is.EqualTo(new[] { "/usr/share/edge/one" }), "the one that package edge-one changed, too");
        Assert.That(nightly.Conflicts[0].Diff, Has.Some.EqualTo("-one 2").And.Some.EqualTo("+mine"));
        AssertEdited(newer, "2", "one 2\n");
    }

    [Test]
    public async Task A_package_that_the_archive_has_no_longer_is_told_with_its_layer_and_the_others_go_on()
    {
        var gone = Layer("0001") with { Packages = new LayerPackages { Added = [new PackageChoice("edge-gone", "1", "amd64")] } };
        var conflicting = Layer("0002") with { Packages = new LayerPackages { Removed = ["libpam-modules"] } };
        var held = Layer("0003") with { Packages = new LayerPackages { Held = ["nano"], Manual = ["libc6"] } };

        var made = await MakeAsync(_laid, Edits("gone", gone, conflicting, held));

        Assert.That(made.Conflicts.Select(conflict => conflict.Layer), Is.EqualTo(new[] { "0001", "0002" }));
        Assert.That(made.Conflicts[0].What + made.Conflicts[0].Reason, Does.Contain("edge-gone"));
        Assert.That(made.Edits.Layers.Select(kept => kept.Layer.Name), Is.EqualTo(new[] { "0003" }));
        var root = await UnpackAsync(made.Layer, "held");
        var refused = await ApplyAsync(root, Edits("refused", Layer("0004") with
        {
            Settings = new LayerSettings
            {
                Users = [new UserSetting("anna", 1, "root", "", "/", "/bin/sh")],
                Groups = ImmutableSortedDictionary<string, uint>.Empty.Add("lab", 0),
                Members = [new MemberSetting("audio", "nobody-there", true)],
                Passwords = ImmutableSortedDictionary<string, string>.Empty.Add("nobody-there", Hash).Add("root", Hash),
                Alternatives = ImmutableSortedDictionary<string, string>.Empty.Add("editor", "/usr/bin/gone"),
                Services = ImmutableSortedDictionary<string, bool>.Empty.Add("no-such-service", true),
            },
        }));
        Assert.That(refused.Conflicts.Select(conflict => conflict.What), Is.EquivalentTo(new[] { "user anna", "group lab", "nobody-there in group audio", "password of nobody-there", "alternative editor", "service no-such-service" }));
        Assert.That(refused.Conflicts[0].Reason, Does.Contain("its id 0 is that of group 'root'"));
        Assert.That(File.ReadAllText($"{root}/etc/shadow"), Does.Contain($"root:{Hash}:"), "what can be had is there");
        Assert.That(File.ReadAllText($"{root}/var/lib/dpkg/status"), Does.Match("Package: nano\nStatus: hold ok installed"));
    }

    // A conffile of a package, one of its own files, a password, an alternative, sshd's configuration, a file that goes, a tree that comes.
    private RecipeEdits Keep(string old)
    {
        var directory = Path.Combine(_temp["edits"], "0001");
        Directory.CreateDirectory(Path.Combine(directory, "contents"));
        LayerPath Changed(string path, string? content, string mode = "0644", uint user = 0)
        {
            if (content is not null)
            {
                File.WriteAllText(Path.Combine(directory, "contents", SumOf(content)), content);
            }

            return new LayerPath(path, PathState.Of(old, path), content is null ? null : new ManifestEntry { Path = path, Type = FileType.File, Mode = mode, Uid = user, Size = content.Length, Sha256 = SumOf(content) });
        }

        return Edits("edits", Layer("0001") with
        {
            Packages = new LayerPackages { Added = [new PackageChoice("rpcbind", "0", "amd64")], Removed = ["edge-three"] },
            Settings = new LayerSettings
            {
                Users = [new UserSetting("anna", 1234, "lab", "Anna", "/home/anna", "/bin/bash")],
                Groups = ImmutableSortedDictionary<string, uint>.Empty.Add("lab", 2345),
                Members = [new MemberSetting("audio", "anna", true)],
                Passwords = ImmutableSortedDictionary<string, string>.Empty.Add("anna", Hash),
                Alternatives = ImmutableSortedDictionary<string, string>.Empty.Add("editor", "/usr/bin/vim.tiny"),
                StatOverrides = ImmutableSortedDictionary<string, string?>.Empty.Add("/usr/bin/nano", "root lab 0750"),
                Diversions = ImmutableSortedDictionary<string, string?>.Empty.Add("/usr/share/edge/two", "/usr/share/edge/two.theirs"),
                Services = ImmutableSortedDictionary<string, bool>.Empty.Add("rpcbind", false),
            },
            Paths =
            [
                Changed("/etc/edge-one.conf", "mine\n"),
                Changed(Config, File.ReadAllText(old + Config) + "PermitRootLogin no\n"),
                Changed("/etc/profile", null),
                new LayerPath("/srv/tree", null, new ManifestEntry { Path = "/srv/tree", Type = FileType.Directory, Mode = "2775", Gid = 2345 }),
                Changed("/srv/tree/file", "file\n", "0600", 1234),
                Changed("/usr/share/edge/one", "mine\n"),
                Changed("/usr/share/edge/two", "diverted\n"),
            ],
        });
    }

    private static void AssertEdited(string root, string version, string one)
    {
        var accounts = File.ReadAllText($"{root}/etc/passwd");
        var shadow = File.ReadAllText($"{root}/etc/shadow");
        Assert.Multiple(() =>
        {
            Assert.That(accounts, Does.Contain("anna:x:1234:2345:Anna:/home/anna:/bin/bash\n").And.Contain("_rpc:"));
            Assert.That(File.ReadAllText($"{root}/etc/group"), Does.Match("(?m)^audio:x:[0-9]+:anna$"));
            Assert.That(shadow, Does.Contain($"anna:{Hash}::"));
            Assert.That(new FileInfo($"{root}/etc/alternatives/editor").LinkTarget, Is.EqualTo("/usr/bin/vim.tiny"));
            Assert.That((FileNode.Get($"{root}/usr/bin/nano").Mode, FileNode.Get($"{root}/usr/bin/nano").Gid), Is.EqualTo((0b111_101_000, 2345u)));
            Assert.That(File.ReadAllText(root + Config), Does.EndWith("PermitRootLogin no\n"));
            Assert.That(FileNode.Find($"{root}/etc/profile"), Is.Null);
            Assert.That(FileNode.Get($"{root}/srv/tree/file").Uid, Is.EqualTo(1234u));
            Assert.That(File.ReadAllText($"{root}/etc/edge-one.conf"), Is.EqualTo("mine\n"));
            Assert.That(File.ReadAllText($"{root}/usr/share/edge/one"), Is.EqualTo(one));
            Assert.That(File.ReadAllText($"{root}/usr/share/edge/two"), Is.EqualTo("diverted\n"));
            Assert.That(File.ReadAllText($"{root}/usr/share/edge/two.theirs"), Is.EqualTo($"two {version}\n"), "the package's own has its new version aside");
            Assert.That(FileNode.Find($"{root}/usr/share/edge/three"), Is.Null);
            Assert.That(Directory.GetFileSystemEntries($"{root}/etc/rc2.d", "S*rpcbind"), Is.Empty);
            Assert.That(Directory.GetFileSystemEntries($"{root}/etc/rc2.d", "*ssh"), Is.Not.Empty);
        });
    }

    private static void AssertNoTraces(string root)
    {
        string[] traces = ["usr/sbin/policy-rc.d", "etc/resolv.conf", "var/log/dpkg.log", "var/lib/dpkg/status-old", "run/apt", "run/packages"];
        Assert.That(traces.Where(trace => FileNode.Find($"{root}/{trace}") is not null), Is.Empty);
        Assert.That(Directory.GetFiles($"{root}/etc/ssh", "ssh_host_*"), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries($"{root}/tmp"), Is.Empty);
        Assert.That(MountInfo.Read().Below(root), Is.Empty);
    }

    private void Release(string version)
    {
        foreach (var name in new[] { "one", "two", "three" })
        {
            _temp.Write($"edge-{name}/usr/share/edge/{name}", $"{name} {version}\n");
            if (name == "one")
            {
                _temp.Write("edge-one/etc/edge-one.conf", "theirs\n");
                _temp.Write("edge-one/DEBIAN/conffiles", "/etc/edge-one.conf\n");
            }

            _archive.Add($"edge-{name}", version, _temp[$"edge-{name}"]);
        }
    }

    private async Task<(BaseLayerArchive, ArchiveState)> LayAsync()
    {
        var state = await ArchiveState.ReadAsync(_sources, _context);
        return (await BaseLayerStage.MakeAsync(_recipe, _sources, state, _context), state);
    }

    private async Task<EditedBase> MakeAsync(BaseLayerArchive laid, RecipeEdits edits)
    {
        var lent = new LentPackages(_recipe, _temp[$"lent-{Guid.NewGuid():N}"], _context);
        var lists = new AptLists(_sources, _recipe.Architecture, _context, _state);
        return await new EditedBaseLayer(_recipe, new ArchivePackages(lists, new PackageFetcher(_sources, _recipe.Architecture, _context, _state), lent, _context), _context).MakeAsync(laid, edits);
    }

    private async Task<EditedBase> StoredAsync(RecipeEdits edits, string[] installed)
        => await new EditedBaseLayer(_recipe, new StoredPackages(installed, File.ReadAllLines(_laid.PackageList), new LentPackages(_recipe, _temp["noon"], _context), "sample"), _context).MakeAsync(_laid, edits);

    private async Task<EditReport> ApplyAsync(string root, RecipeEdits edits)
    {
        var report = EditReport.Empty;
        foreach (var kept in edits.Layers)
        {
            report = report.With(await new EditApplication(root, edits.Answers, _recipe, _context).ApplyAsync(kept));
        }

        return report;
    }

    private async Task<string> UnpackAsync(BaseLayerArchive layer, string name)
    {
        await layer.UnpackAsync(_temp[name], _context);
        return _temp[name];
    }

    private static Layer Layer(string name) => new(name, "sample", "sample-000000000000", "a reason", "somebody", DateTimeOffset.UnixEpoch);

    private RecipeEdits Edits(string place, params Layer[] layers)
    {
        foreach (var layer in layers)
        {
            Directory.CreateDirectory(Path.Combine(_temp[place], layer.Name));
            File.WriteAllBytes(Path.Combine(_temp[place], layer.Name, KeptLayer.FileName), KeptLayer.Write(layer));
        }

        return new RecipeEdits(KeptLayers.Read(_temp[place]), AnswerBook.Empty);
    }

    private static string Sum(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string SumOf(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
