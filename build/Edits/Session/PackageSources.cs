using System.Collections.Immutable;
using Dom0Image.Edits.Capture;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Edits.Session;

/// <summary>Adds to what was changed where its packages come from: files of one's own that no archive has, and what they bring before an edit.</summary>
/// <param name="archives">The recipe's archives.</param>
/// <param name="folder">The session.</param>
/// <param name="context">Tools.</param>
internal sealed class PackageSources(SessionArchives archives, SessionFolder folder, StageContext context)
{
    /// <summary>Takes what was changed, whole.</summary>
    public async Task<CapturedEdit> CompleteAsync(LayerCapture capture, bool keepSecrets)
    {
        var packages = capture.NewPackages;
        if (packages.IsEmpty)
        {
            return capture.Take(_ => null, keepSecrets);
        }

        var known = await archives.KnownAsync([.. packages.Select(package => $"{package.Name} {package.Version} {package.Architecture}")]).ConfigureAwait(false);
        var files = await LocalPackages.FindAsync([folder.Upper, folder.Temporary, Path.GetDirectoryName(Path.GetDirectoryName(folder.Fetched))!], context).ConfigureAwait(false);
        var local = packages.Where(package => !known.ContainsKey($"{package.Name} {package.Version} {package.Architecture}"))
            .Select(package => (Package: package, File: files.Of(package))).ToList();
        var sums = local.Where(package => package.File is not null).ToDictionary(package => package.Package.Name, package => (Sum: SessionArchives.Sum(package.File!.Value.Path), File: package.File!.Value));
        var edit = capture.Take(package => sums.TryGetValue(package.Name, out var own) ? own.Sum : null, keepSecrets);
        return edit with
        {
            Contents = edit.Contents.AddRange(sums.Values.DistinctBy(own => own.Sum).Select(own => KeyValuePair.Create(own.Sum, own.File))),
            Lost = [.. local.Where(package => package.File is null).Select(package => $"{package.Package.Name} {package.Package.Version}")],
            Paths = await WithPackagedAsync(edit, packages, files).ConfigureAwait(false),
        };
    }

    // Else each package that is new and was edited would be a conflict with itself.
    private async Task<ImmutableArray<LayerPath>> WithPackagedAsync(CapturedEdit edit, ImmutableArray<InstalledPackage> packages, LocalPackages files)
    {
        var packaged = new Dictionary<string, ManifestEntry>();
        foreach (var ofOne in edit.OfNewPackages.GroupBy(path => path.Package.Split(':')[0], path => path.Path))
        {
            if (packages.FirstOrDefault(package => package.Name == ofOne.Key) is { } package && (files.Of(package) ?? InStore(package)) is { } file)
            {
                foreach (var (path, entry) in await PackagedState.ReadAsync(file, [.. ofOne], context).ConfigureAwait(false))
                {
                    packaged[path] = entry;
                }
            }
        }

        return [.. edit.Paths.Select(path => packaged.TryGetValue(path.Path, out var entry) ? path with { Old = entry } : path).Where(path => !ManifestComparison.AreSame(path.Old, path.New))];
    }

    private FileNode? InStore(InstalledPackage package)
        => FileNode.Find(Path.Combine(folder.AptLower, "cache", "archives", Archive.DebFileName.Of(package.Name, package.Version, package.Architecture)));
}
