using Dom0Image.Posix;

namespace Dom0Image.Store;

/// <summary>Keeps the store from growing for ever. To be called while the store's lock is held and no stage runs.</summary>
/// <param name="store">The store.</param>
/// <param name="unused">What was used in this time, by whichever recipe, is kept.</param>
/// <param name="tell">Told of what cannot be deleted and is set aside.</param>
internal sealed class StorePruning(BuildStore store, TimeSpan unused, Action<string>? tell = null)
{
    private readonly DateTime _limit = DateTime.UtcNow - unused;

    /// <summary>Deletes finished stages, downloaded packages, states of apt and kernel trees that were not used lately.</summary>
    /// <param name="keep">How many outputs to keep of each stage, however old; at least 1.</param>
    /// <returns>Paths, in the store, of what was deleted.</returns>
    public IReadOnlyList<string> Prune(int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var old = Stages(keep).Concat(PackageDirectories()).Concat(Below(store.KernelTrees)).Where(directory => StoreUse.LastOf(directory) < _limit).ToList().Where(Remove).ToList();

        // One name each, which is noted in the file's own time.
        var packages = store.PackageCaches.SelectMany(cache => Directory.GetFiles(cache, "*.deb")).Where(file => File.GetLastWriteTimeUtc(file) < _limit).ToList();
        packages.ForEach(File.Delete);
        return [.. old, .. packages];
    }

    private IEnumerable<string> Stages(int keep) => Below(store.Stages)
        .SelectMany(stage => Below(stage).OrderByDescending(StoreUse.LastOf).ThenBy(path => path, StringComparer.Ordinal).Skip(keep));

    private IEnumerable<string> PackageDirectories() => Below(store.PackageFiles).SelectMany(Below).Concat(store.AptStates);

    private bool Remove(string directory)
    {
        Directory.CreateDirectory(store.Work);
        var doomed = Path.Combine(store.Work, $"pruned-{Path.GetFileName(Path.GetDirectoryName(directory))}-{Path.GetFileName(directory)}-{Guid.NewGuid():N}");
        if (!Leftovers.Retire(directory, doomed, tell))
        {
            return false;
        }

        StoreUse.Forget(directory);
        return true;
    }

    private static string[] Below(string directory) => Directory.Exists(directory) ? Directory.GetDirectories(directory) : [];
}
