using System.Collections.Immutable;
using System.Security.Cryptography;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Capture;

/// <summary>Which package a path belongs to, by dpkg's lists before and after a session, and what it brought there.</summary>
internal sealed class PackageOwners
{
    private const string Info = "/var/lib/dpkg/info";

    private readonly Dictionary<string, string> _directories = [];
    private readonly Dictionary<string, string> _before = [];
    private readonly Dictionary<string, string> _after = [];
    private readonly Dictionary<string, string> _sums = [];
    private readonly ImageView _old;
    private readonly ImageView _now;
    private readonly ImmutableHashSet<string> _touched;

    private PackageOwners(ImageView old, ImageView now, ImmutableHashSet<string> touched) => (_old, _now, _touched) = (old, now, touched);

    /// <summary>Reads them.</summary>
    /// <param name="before">The generation.</param>
    /// <param name="after">What it is now.</param>
    /// <param name="state">The packages that it has now.</param>
    /// <param name="touched">Keys of packages that came, went or changed.</param>
    public static PackageOwners Read(ImageView before, ImageView after, DpkgState state, IEnumerable<string> touched)
    {
        var owners = new PackageOwners(before, after, [.. touched]);
        owners.ReadLists(before, owners._before);
        owners.ReadLists(after, owners._after);
        foreach (var (key, package) in state.Packages)
        {
            foreach (var (path, sum) in package.Conffiles)
            {
                owners._sums[owners.Place(path)] = sum;
                owners.Conffiles.Add(owners.Place(path));
            }

            foreach (var line in owners._touched.Contains(key) ? after.Lines($"{Info}/{FileOf(after, key, "md5sums")}") : [])
            {
                if (line.Split("  ", 2) is [var sum, var path])
                {
                    owners._sums.TryAdd(owners.Place("/" + path), sum);
                }
            }
        }

        return owners;
    }

    /// <summary>Places of configuration files that dpkg asks about.</summary>
    public HashSet<string> Conffiles { get; } = [];

    /// <summary>The package that has a place now, or had it; null for none.</summary>
    public string? OwnerOf(string place) => _after.GetValueOrDefault(place) ?? _before.GetValueOrDefault(place);

    /// <summary>Whether the package that has, or had, a place came, went or changed in the session.</summary>
    public bool IsTouched(string place) => OwnerOf(place) is { } owner && _touched.Contains(owner);

    /// <summary>Whether a change is what a package does by itself, that came, went or changed.</summary>
    /// <param name="change">The change.</param>
    /// <param name="file">What stands there now; null where nothing does.</param>
    public bool IsTheirs(TreeChange change, FileNode? file)
    {
        var place = change.Path;
        if (change.New is null)
        {
            return _before.TryGetValue(place, out var had) ? _touched.Contains(had) && !_after.ContainsKey(place) : IsBelowWhatWent(place);
        }

        return _after.TryGetValue(place, out var has) && _touched.Contains(has)
            && (file is not { IsFile: true } node || !_sums.TryGetValue(place, out var sum) || Sum(node) == sum);
    }

    // What stood in a directory that a package alone had, and that went with it.
    private bool IsBelowWhatWent(string place)
    {
        for (var at = UpperTree.Parent(place); at.Length > 0; at = UpperTree.Parent(at))
        {
            if (_before.TryGetValue(at, out var had))
            {
                return _touched.Contains(had) && _now.Find(at) is null;
            }
        }

        return false;
    }

    private void ReadLists(ImageView image, Dictionary<string, string> owners)
    {
        foreach (var name in image.Names(Info).Where(name => name.EndsWith(".list", StringComparison.Ordinal)))
        {
            var key = KeyOf(name[..^".list".Length], owners: image);
            foreach (var path in image.Lines($"{Info}/{name}").Where(path => path.Length > 1 && path != "/."))
            {
                // Directories have many owners: that of one that was not touched keeps them.
                var place = Place(path);
                if (!owners.TryGetValue(place, out var other) || (_touched.Contains(other) && !_touched.Contains(key)))
                {
                    owners[place] = key;
                }
            }
        }
    }

    // Lists of packages that may be there for several architectures have it in their names.
    private static string KeyOf(string name, ImageView owners)
        => name.Split(':') is [var package, var architecture] && architecture == Architecture(owners) ? package : name;

    private static string FileOf(ImageView image, string key, string kind)
        => image.Find($"{image.Place(Info)}/{key}.{kind}") is not null || key.Contains(':') ? $"{key}.{kind}" : $"{key}:{Architecture(image)}.{kind}";

    private static string Architecture(ImageView image) => image.Lines("/var/lib/dpkg/arch").FirstOrDefault() ?? "amd64";

    // Packages say /bin and /etc/ssh, where links lead elsewhere.
    private string Place(string path)
    {
        var parent = ContainedPath.Parent(path);
        if (!_directories.TryGetValue(parent, out var place))
        {
            _directories[parent] = place = parent.Length == 0 ? "" : _old.Place(parent);
        }

        return $"{(place == "/" ? "" : place)}{path[parent.Length..]}";
    }

#pragma warning disable CA5351 // dpkg's own sums; what is at stake is whether a person changed a file.
    private static string Sum(FileNode file)
    {
        using var stream = new FileStream(file.Open(), FileAccess.Read);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }
#pragma warning restore CA5351
}
