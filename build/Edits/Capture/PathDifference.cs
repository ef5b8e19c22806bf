using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Edits.Capture;

/// <summary>Which of the changes of a tree are a person's own: neither a package's, nor derived, nor where no client would see them.</summary>
/// <param name="upper">The overlay's upper directory.</param>
/// <param name="tree">What it says.</param>
/// <param name="names">Names before the move below <c>/flash</c>.</param>
/// <param name="owners">Whose files are whose.</param>
/// <param name="times">When dpkg was at work.</param>
/// <param name="ucf">What ucf put in place.</param>
/// <param name="keepSecrets">Whether what a shell leaves is kept, too.</param>
internal sealed class PathDifference(string upper, UpperTree tree, FlashNames names, PackageOwners owners, ScriptTimes times, UcfFiles ucf, bool keepSecrets)
{
    private readonly List<LayerPath> _paths = [];
    private readonly List<UnkeptPath> _unkept = [];
    private readonly List<string> _warnings = [];
    private readonly List<(string, string)> _ofPackages = [];
    private readonly SortedDictionary<string, FileNode> _contents = new(StringComparer.Ordinal);

    /// <summary>Sorts all changes.</summary>
    public CapturedEdit Sort()
    {
        foreach (var change in tree.Changes())
        {
            Sort(change);
        }

        return new CapturedEdit
        {
            Paths = [.. _paths.GroupBy(path => path.Path).Select(group => group.Last()).OrderBy(path => path.Path, StringComparer.Ordinal)],
            Unkept = [.. _unkept.OrderBy(path => path.Path, StringComparer.Ordinal)],
            Warnings = [.. _warnings],
            OfNewPackages = [.. _ofPackages],
            Contents = _contents.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    private void Sort(TreeChange change)
    {
        var (path, why) = names.Of(change.Path);
        if (DerivedPaths.Has(path) || DerivedPaths.IsLinkOfTools(path, change.New ?? change.Old!))
        {
            return;
        }

        if (change is { Old: null, New: { } made } && ucf.Brought(path, made) is { } brought)
        {
            change = change with { Old = brought };
        }

        FileNode? file = change.New is null ? null : FileNode.Get(upper + change.Path);
        if (ManifestComparison.AreSame(change.Old, change.New) || owners.IsTheirs(change, file))
        {
            return;
        }

        if (change is { Old: null, New: not null } && owners.OwnerOf(change.Path) is null && IsOfScripts(file!.Value))
        {
            _unkept.Add(new UnkeptPath(path, "a package's script made it, and makes it again"));
            return;
        }

        why ??= change.New?.Type is FileType.Socket ? "a socket means nothing without its server" : SecretWhy(path, file);
        why ??= change.New is null or { Type: FileType.Symlink } ? LinkWhy(change.Path, path) : null;
        if (why is not null)
        {
            _unkept.Add(new UnkeptPath(path, why));
            return;
        }

        Keep(change, path, file);
    }

    private void Keep(TreeChange change, string path, FileNode? file)
    {
        // What took the place of a link below /flash stands against what the link led to.
        var old = change.Path == path && tree.Old(FlashPaths.Moved(path)) is { } moved ? moved : change.Old;
        if (ManifestComparison.AreSame(old, change.New))
        {
            return;
        }

        _paths.Add(new LayerPath(path, Named(old, path), Named(change.New, path)));
        if (change.New?.Sha256 is { } sum)
        {
            _contents.TryAdd(sum, file!.Value);
        }

        if (owners.OwnerOf(change.Path) is { } owner)
        {
            if (owners.IsTouched(change.Path))
            {
                _ofPackages.Add((path, owner));
            }

            Warn(change, path, owner);
        }
    }

    // dpkg asks before it replaces a conffile; all else it replaces.
    private void Warn(TreeChange change, string path, string owner)
    {
        if (change is { Old.Type: FileType.File } && !owners.Conffiles.Contains(change.Path))
        {
            var content = change.New is null || change.New.Sha256 != change.Old.Sha256;
            _warnings.Add($"{path} is a file of package {owner}'s own: a new version of the package conflicts with this edit. " + (content
                ? $"A diversion holds: dpkg-divert --local --rename --add {path}, then write yours at its place"
                : $"An override holds: dpkg-statoverride --update --add USER GROUP MODE {path}"));
        }
    }

    private string? SecretWhy(string path, FileNode? file) => keepSecrets ? null : SecretLeftovers.Why(path, file) is { } why ? $"{why} (--keep-secrets keeps it)" : null;

    private string? LinkWhy(string place, string path) => names.IsLinkToContent(place) ? $"the link to {FlashPaths.Moved(path)} is made anew" : null;

    private bool IsOfScripts(FileNode file) => times.Has(FileStatus.ChangedAt(file.Path));

    private static ManifestEntry? Named(ManifestEntry? entry, string path) => entry is null ? null : entry with { Path = path };
}
