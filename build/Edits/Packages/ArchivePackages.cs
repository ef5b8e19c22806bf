using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Store;

namespace Dom0Image.Edits.Packages;

/// <summary>Packages as the archives have them now, found by apt over the base's own packages; from the store as far as it has them.</summary>
/// <param name="lists">The signed lists.</param>
/// <param name="fetcher">Fetches what the store lacks.</param>
/// <param name="lent">The store's packages.</param>
/// <param name="context">Tools and progress.</param>
internal sealed class ArchivePackages(AptLists lists, PackageFetcher fetcher, LentPackages lent, StageContext context) : IPackageFinder
{
    /// <inheritdoc/>
    public IEnumerable<string> KeyFor(ImmutableArray<KeptLayer> layers) => ["archive"];

    /// <inheritdoc/>
    public async Task<FoundPackages> FindAsync(KeptLayer kept, WantedPackages wanted, string root)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var package in wanted.Exact.Concat(wanted.Fresh).Concat(wanted.Newer).Where(package => package.Sha256 is not null))
        {
            files[package.Name] = lent.Local(kept, package);
        }

        foreach (var package in wanted.Exact.Where(package => package.Sha256 is null))
        {
            files[package.Name] = await lent.FindAsync(package.Name, package.Version, package.Architecture).ConfigureAwait(false)
                ?? throw new LayerFailedException(package.Name, $"version {package.Version}, on which it is held, is not in the store any more");
        }

        ImmutableArray<string> asked = [.. wanted.Fresh.Where(package => package.Sha256 is null && !wanted.Needed.Contains(package.Name)).Concat(wanted.Newer.Where(package => package.Sha256 is null)).Select(package => package.Name)];
        ImmutableArray<string> needed = [.. wanted.Fresh.Where(package => package.Sha256 is null && wanted.Needed.Contains(package.Name)).Select(package => package.Name)];
        if (asked.IsEmpty && needed.IsEmpty && files.Count == 0)
        {
            return new FoundPackages(files.ToImmutable(), ImmutableSortedDictionary<string, string>.Empty);
        }

        var solved = ImmutableArray.CreateBuilder<string>();
        foreach (var package in await SolveAsync(asked, needed, [.. files.Values], wanted.Removed, root).ConfigureAwait(false))
        {
            solved.Add(files[package.Name] = await FileOfAsync(package).ConfigureAwait(false));
        }

        if (asked.FirstOrDefault(name => !files.ContainsKey(name) && wanted.Fresh.Any(package => package.Name == name)) is { } missing)
        {
            throw new LayerFailedException(missing, "the archive has no such package any more");
        }

        await lent.KeepAsync(solved.ToImmutable()).ConfigureAwait(false);
        return new FoundPackages(files.ToImmutable(), ImmutableSortedDictionary<string, string>.Empty);
    }

    // What others needed then has another name by now, or is not needed: then only what was asked for.
    private async Task<ImmutableArray<SolvedPackage>> SolveAsync(ImmutableArray<string> asked, ImmutableArray<string> needed, ImmutableArray<string> local, ImmutableArray<string> removed, string root)
    {
        var there = await ThereAsync(needed).ConfigureAwait(false);
        try
        {
            return await AskAsync([.. asked, .. needed.Where(there.Contains), .. local, .. removed.Select(name => $"{name}-")], root).ConfigureAwait(false);
        }
        catch (ToolFailedException) when (!needed.IsEmpty)
        {
        }
        catch (ToolFailedException failure)
        {
            throw Failed(failure);
        }

        try
        {
            return await AskAsync([.. asked, .. local, .. removed.Select(name => $"{name}-")], root).ConfigureAwait(false);
        }
        catch (ToolFailedException failure)
        {
            throw Failed(failure);
        }
    }

    private async Task<HashSet<string>> ThereAsync(ImmutableArray<string> names)
        => names.IsEmpty ? [] : [.. (await lists.AskAsync("apt-cache", "pkgnames").ConfigureAwait(false)).Lines.Intersect(names)];

    private async Task<ImmutableArray<SolvedPackage>> AskAsync(ImmutableArray<string> wanted, string root)
    {
        var cache = Path.Combine(lists.Home, "solver");
        Directory.CreateDirectory(cache);
        var command = await lists.CommandAsync(
            "apt-get",
            [
                "-q", "--print-uris", "-o", $"Dir::State::status={root}/var/lib/dpkg/status", "-o", $"Dir::Cache::pkgcache={cache}/edited.bin", "-o", $"Dir::Cache::srcpkgcache={cache}/edited-src.bin",
                "-o", "APT::Install-Recommends=false", "--allow-downgrades", "--allow-change-held-packages", "install", "--", .. wanted,
            ]).ConfigureAwait(false);
        var answer = await context.RunAsync(command).ConfigureAwait(false);
        return
        [
            .. from line in answer.Lines
               where line.StartsWith('\'')
               let words = line.Split(' ')
               where words.Length > 1
               let file = DebFileName.Parse(words[1])
               where file is not null && !line.StartsWith("'file:" + root, StringComparison.Ordinal)
               select new SolvedPackage(file.Value.Package, file.Value.Version, file.Value.Architecture),
        ];
    }

    private async Task<string> FileOfAsync(SolvedPackage package)
    {
        if (await lent.FindAsync(package.Name, package.Version, package.Architecture).ConfigureAwait(false) is { } file)
        {
            return file;
        }

        var entry = await fetcher.FindAsync(package.Name).ConfigureAwait(false);
        return entry.Version == package.Version
            ? (await fetcher.DownloadAsync(entry, context.Progress).ConfigureAwait(false)).Path
            : throw new LayerFailedException(package.Name, $"apt chose version {package.Version}, and the archive offers {entry.Version}");
    }

    private static LayerFailedException Failed(ToolFailedException failure)
        => UnsolvableException.Explains(failure)
            ? new LayerFailedException(null, string.Join("; ", new UnsolvableException(failure).Reasons))
            : new LayerFailedException(null, failure.LastLines.LastOrDefault(line => line.StartsWith("E: ", StringComparison.Ordinal)) ?? failure.Message);
}
