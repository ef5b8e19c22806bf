using Dom0Image.Posix;
using Dom0Image.Recipes;
using Mono.Unix.Native;

namespace Dom0Image.Tests.RootFs;

/// <summary>
/// Grows a tree, and a list of writable paths that is valid for it, out of any bytes: FsCheck makes the bytes, and makes
/// them fewer when a property fails.
/// </summary>
internal sealed class AnyTree
{
    private static readonly string[] Names = ["a", "b", "c c", "new\nline", "ünï", "-rf", "*", "..d", "$(e)", "f'\"", "caf\0\u00e9", "caf\0\u00e8"];
    private static readonly string[] Modes = ["0755", "0700", "2775", "1777", "0711"];
    private static readonly string[] FileModes = ["0644", "0600", "4755", "0000", "0444"];

    private readonly byte[] _seed;
    private readonly TestImage _image;
    private readonly List<string> _directories = ["/t"];
    private readonly List<string> _files = [];
    private int _at;

    /// <summary>Grows it in an image, below /t.</summary>
    public AnyTree(TestImage image, byte[] seed)
    {
        (_image, _seed) = (image, seed);
        image.Dir("/t", TestImage.Mode("0755"));
        while (_at < seed.Length)
        {
            Grow();
        }
    }

    /// <summary>Every path that was made; links too.</summary>
    public List<string> Paths { get; } = ["/t"];

    /// <summary>A list of some directories and files of the tree, and of some paths that are missing.</summary>
    public FlashList List(byte[] seed, bool anyStart = false)
    {
        var entries = new SortedDictionary<string, FlashEntry>(StringComparer.Ordinal);
        for (var i = 0; i + 3 < seed.Length && entries.Count < 8; i += 4)
        {
            var start = anyStart ? (FlashStart)(seed[i + 3] % 3) : FlashStart.Content;
            var directory = _directories[seed[i + 1] % _directories.Count];
            var (path, kind) = (seed[i] % 4) switch
            {
                0 when _files.Count > 0 => (_files[seed[i + 1] % _files.Count], FlashKind.File),
                1 => ($"{directory}/missing {seed[i + 2]}", FlashKind.Directory),
                2 => ($"{directory}/no such directory/missing {seed[i + 2]}", FlashKind.File),
                _ => (directory, FlashKind.Directory),
            };
            var mode = kind == FlashKind.Directory ? Modes[seed[i + 2] % Modes.Length] : FileModes[seed[i + 2] % FileModes.Length];
            entries[path] = TestImage.Entry(path, mode, kind == FlashKind.File && start == FlashStart.Tree ? FlashStart.Empty : start, kind, owner: seed[i + 3] % 2 == 0 ? "xend" : "0", group: "109");
        }

        return TestImage.List([.. entries.Values]);
    }

    /// <summary>As <see cref="List"/>, with links and with every start that may stand where it stands.</summary>
    public FlashList ValidList(byte[] seed)
    {
        var kept = new List<FlashEntry>();
        foreach (var (entry, index) in List(seed, anyStart: true).Entries.Select((entry, index) => (entry, index)))
        {
            var link = entry.Path.Contains("/missing ", StringComparison.Ordinal) && seed[index] % 3 == 0;
            var candidate = link ? entry with { Kind = FlashKind.Symlink, Mode = 0, Start = FlashStart.Empty, Target = "/t/some where" } : entry;
            var parent = kept.Where(e => entry.Path.StartsWith(e.Path + "/", StringComparison.Ordinal)).MaxBy(e => e.Path.Length);
            if (parent is null || MayStandBelow(parent, candidate))
            {
                kept.Add(candidate);
            }
        }

        return TestImage.List([.. kept]);
    }

    private static bool MayStandBelow(FlashEntry parent, FlashEntry entry) => (parent.Kind, parent.Start) switch
    {
        (not FlashKind.Directory, _) => false,
        (_, FlashStart.Empty) => true,
        (_, FlashStart.Tree) => entry.Kind != FlashKind.Directory || entry.Start == FlashStart.Tree,
        _ => entry.Start == FlashStart.Content,
    };

    private void Grow()
    {
        var parent = _directories[Next(_directories.Count)];
        var path = $"{parent}/{Names[Next(Names.Length)]}";
        var kind = Next(6);
        if (FileNode.Find(_image.Root + path) is not null)
        {
            return;
        }

        switch (kind)
        {
            case 0 or 1:
                _image.Dir(path, TestImage.Mode(Modes[Next(Modes.Length)]), (uint)Next(3), (uint)Next(3));
                KernelView.SetAttribute(_image.Root + path, path);
                _directories.Add(path);
                break;
            case 2:
                _image.File(path, $"content of {path}", TestImage.Mode(FileModes[Next(FileModes.Length)]), (uint)Next(3), (uint)Next(3));
                KernelView.SetAttribute(_image.Root + path, path);
                _files.Add(path);
                break;
            case 3 when _files.Count > 0:
                Assert.That(Syscall.link(_image.Root + _files[Next(_files.Count)], _image.Root + path), Is.Zero);
                _files.Add(path);
                break;
            default:
                _image.Link(path, Target(parent));
                break;
        }

        Paths.Add(path);
    }

    // Absolute, relative, through a detour that climbs, or to nowhere.
    private string Target(string directory)
    {
        var to = Paths[Next(Paths.Count)];
        var detour = Relative(directory, _directories[Next(_directories.Count)]);
        var climbs = string.Concat(Enumerable.Repeat("../", Next(4)));
        return Next(5) switch
        {
            0 => to,
            1 => Relative(directory, to),
            2 => $"{detour}/{climbs}{to[1..]}",
            3 => $"{to}/{climbs}{Names[Next(Names.Length)]}",
            _ => $"{climbs}{Names[Next(Names.Length)]}",
        };
    }

    // Not .NET's, which refuses names that are no text.
    private static string Relative(string from, string to)
    {
        var (start, end) = (from.Split('/'), to.Split('/'));
        var shared = start.Zip(end).TakeWhile(pair => pair.First == pair.Second).Count();
        var relative = string.Join('/', Enumerable.Repeat("..", start.Length - shared).Concat(end[shared..]));
        return relative.Length == 0 ? "." : relative;
    }

    private int Next(int bound) => _at < _seed.Length ? _seed[_at++] % bound : 0;
}
