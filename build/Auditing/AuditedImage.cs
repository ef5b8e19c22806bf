using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Auditing;

/// <summary>What an image had at the places where a client wrote, and what the client had there in the end.</summary>
/// <param name="root">The image's root on this machine.</param>
/// <param name="entries">The tree that caught the writes.</param>
internal sealed class AuditedImage(string root, ImmutableArray<AuditEntry> entries)
{
    private const int ModeOfNone = 0b111_101_101;
    private const long PageSize = 4096;

    private readonly ImageOwners _owners = ImageOwners.Read(root);
    private readonly FrozenSet<string> _packaged = Packaged(root);
    private readonly ImmutableDictionary<string, AuditEntry> _entries = entries.ToImmutableDictionary(e => e.Path, StringComparer.Ordinal);

    /// <summary>Whether the image has it.</summary>
    public bool Has(string path) => FileNode.Find(root + path) is not null;

    /// <summary>Whether a package brought it.</summary>
    public bool IsPackaged(string path) => _packaged.Contains(path);

    /// <summary>Mode, owner and group that it had in the end, the names as the image has them.</summary>
    public (int Mode, string Owner, string Group) Rights(string path)
    {
        var (mode, user, group) = (_entries.GetValueOrDefault(path), FileNode.Find(root + path)) switch
        {
            ({ } entry, _) => (entry.Mode, entry.User, entry.Group),
            (_, { } node) => (node.Mode, node.Uid, node.Gid),
            _ => (ModeOfNone, 0u, 0u),
        };
        return (mode, _owners.NameOfUser(user) ?? Number(user), _owners.NameOfGroup(group) ?? Number(group));
    }

    /// <summary>What a directory must start with, so that whoever uses it finds what the image has there.</summary>
    public FlashStart Start(string directory)
        => FileNode.Find(root + directory) is not { IsDirectory: true } there ? FlashStart.Empty
            : there.Below().Any(node => !node.IsDirectory) ? FlashStart.Content
            : there.Below().Any() ? FlashStart.Tree : FlashStart.Empty;

    /// <summary>RAM that a path takes on a client, at boot or in the end, whichever is more.</summary>
    public long Ram(string path)
    {
        var files = FileNode.Find(root + path) switch
        {
            { IsDirectory: true } directory => directory.Below().Where(node => node.IsFile),
            { IsFile: true } file => [file],
            _ => Enumerable.Empty<FileNode>(),
        };
        var image = files.Select(node => (Path: node.Path[root.Length..], Bytes: (node.Size + PageSize - 1) / PageSize * PageSize)).ToList();
        var written = _entries.Values.Where(e => e.Type == "f" && (e.Path == path || FlashPaths.IsBelow(e.Path, path))).Sum(e => e.Bytes);
        return Math.Max(image.Sum(f => f.Bytes), written + image.Where(f => !_entries.ContainsKey(f.Path)).Sum(f => f.Bytes));
    }

    private static string Number(uint id) => id.ToString(CultureInfo.InvariantCulture);

    // What is below /usr can be on no flash list, and is most of it.
    private static FrozenSet<string> Packaged(string root)
        => PackageFiles.In(root).Where(path => !path.StartsWith("/usr/", StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);
}
