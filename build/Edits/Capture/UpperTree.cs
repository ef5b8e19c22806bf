using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Capture;

/// <summary>One path that is not as it was. Paths are those of the image as it is served, after the move below <c>/flash</c>.</summary>
/// <param name="Path">Absolute in the image.</param>
/// <param name="Old">Its state in the generation; null where it was not there.</param>
/// <param name="New">Its state now; null where it is gone.</param>
internal sealed record TreeChange(string Path, ManifestEntry? Old, ManifestEntry? New);

/// <summary>
/// Reads what an overlay's upper directory says about a generation. It is evidence and no more: what stands in it may be as it was (a
/// copy-up without a change), and an opaque directory says that what was there is hidden, not that it is gone for good.
/// </summary>
/// <param name="upper">The upper directory. redirect_dir, metacopy and index were off.</param>
/// <param name="manifest">Of the generation's root.</param>
internal sealed class UpperTree(string upper, Manifest manifest)
{
    private readonly Dictionary<string, ManifestEntry> _old = Whole(manifest);
    private readonly ILookup<string, string> _below = manifest.Entries.Where(entry => entry.Path != "/").ToLookup(entry => Parent(entry.Path), entry => entry.Path);

    /// <summary>All changes, in order of paths.</summary>
    public ImmutableArray<TreeChange> Changes()
    {
        var changes = new List<TreeChange>();
        Walk("", opaque: false, changes);
        return [.. changes.OrderBy(change => change.Path, StringComparer.Ordinal)];
    }

    /// <summary>The state in the generation; null where nothing was. Each name of a file stands for the whole file.</summary>
    public ManifestEntry? Old(string path) => _old.GetValueOrDefault(path);

    /// <summary>Whether overlayfs says by this file that there is nothing of its name.</summary>
    internal static bool IsWhiteout(FileNode node) => node is { Type: FileType.CharacterDevice, Device: 0 };

    /// <summary>Whether overlayfs says by this directory that nothing of the lower one is in it.</summary>
    internal static bool IsOpaque(FileNode directory)
        => ExtendedAttributes.Of(directory.Path).Any(attribute => attribute.Name == "trusted.overlay.opaque" && attribute.Value.AsSpan().SequenceEqual("y"u8));

    internal static string Parent(string path) => path[..path.LastIndexOf('/')];

    private void Walk(string directory, bool opaque, List<TreeChange> changes)
    {
        var there = new HashSet<string>();
        foreach (var node in FileNode.Get(upper + directory).Children())
        {
            var path = $"{directory}/{node.Name}";
            there.Add(path);
            var old = Old(path);
            if (IsWhiteout(node))
            {
                Gone(path, changes);
                continue;
            }

            // What is a directory in both is one, with what it holds.
            if (old is { Type: FileType.Directory } && !node.IsDirectory)
            {
                GoneBelow(path, changes);
            }

            var now = ManifestReader.ReadOne(upper, path);
            if (!ManifestComparison.AreSame(old, now))
            {
                changes.Add(new TreeChange(path, old, now));
            }

            if (node.IsDirectory)
            {
                Walk(path, opaque || IsOpaque(node), changes);
            }
        }

        if (opaque)
        {
            foreach (var path in _below[directory].Where(path => !there.Contains(path)))
            {
                Gone(path, changes);
            }
        }
    }

    private void Gone(string path, List<TreeChange> changes)
    {
        if (Old(path) is { } old)
        {
            changes.Add(new TreeChange(path, old, null));
            GoneBelow(path, changes);
        }
    }

    private void GoneBelow(string path, List<TreeChange> changes)
    {
        foreach (var below in _below[path])
        {
            Gone(below, changes);
        }
    }

    private static Dictionary<string, ManifestEntry> Whole(Manifest manifest)
    {
        var entries = manifest.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        foreach (var name in manifest.Entries.Where(entry => entry.SameFileAs is not null))
        {
            var first = entries[name.SameFileAs!];
            entries[name.Path] = name with { Size = first.Size, Sha256 = first.Sha256, SameFileAs = null };
        }

        return entries;
    }
}
