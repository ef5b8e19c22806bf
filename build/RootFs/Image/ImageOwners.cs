using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>Users and groups of an image, as its own /etc/passwd and /etc/group name them; never those of the build machine.</summary>
internal sealed class ImageOwners
{
    private readonly ImmutableDictionary<string, uint> _users;
    private readonly ImmutableDictionary<string, uint> _groups;

    private ImageOwners(ImmutableDictionary<string, uint> users, ImmutableDictionary<string, uint> groups)
        => (_users, _groups) = (users, groups);

    /// <summary>Reads them from an image; a file that is not there counts as one that names only root.</summary>
    /// <param name="root">The image's root on this machine.</param>
    public static ImageOwners Read(string root) => new(Table(root, "/etc/passwd"), Table(root, "/etc/group"));

    /// <summary>The number of a user that is given by name or number; null when the image has no such user.</summary>
    public uint? FindUser(string user) => Find(_users, user);

    /// <summary>The number of a group that is given by name or number; null when the image has no such group.</summary>
    public uint? FindGroup(string group) => Find(_groups, group);

    /// <summary>The name of a user that is given by number; null when the image has none.</summary>
    public string? NameOfUser(uint user) => NameOf(_users, user);

    /// <summary>The name of a group that is given by number; null when the image has none.</summary>
    public string? NameOfGroup(uint group) => NameOf(_groups, group);

    /// <summary>What to tell about a name that was not found.</summary>
    internal Diagnostic Unknown(string kind, string name, SourceLocation? where) => new($"the image has no {kind} '{name}'")
    {
        Where = where,
        Expected = $"a {kind} from the image's /etc/{(kind == "user" ? "passwd" : "group")}, or a number",
        Hint = Nearest.Hint(name, (kind == "user" ? _users : _groups).Keys),
    };

    private static uint? Find(ImmutableDictionary<string, uint> table, string name)
        => uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : table.TryGetValue(name, out number) ? number : null;

    // Several names may have one number: root's is root.
    private static string? NameOf(ImmutableDictionary<string, uint> table, uint number)
        => number == 0 ? "root" : table.Where(row => row.Value == number).Select(row => row.Key).Order(StringComparer.Ordinal).FirstOrDefault();

    private static ImmutableDictionary<string, uint> Table(string root, string imagePath)
    {
        var path = ContainedPath.Resolve(root, imagePath);
        var table = FileNode.Find(path) is { IsFile: true } ? AccountTable.Read(File.ReadAllText(path)) : ImmutableDictionary<string, uint>.Empty;
        return table.ContainsKey("root") ? table : table.Add("root", 0);
    }
}
