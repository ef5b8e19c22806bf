using Dom0Image.Posix;

namespace Dom0Image.Stages;

/// <summary>Keeps the store from growing for ever: of each stage the outputs used last are kept.</summary>
public static class StorePruning
{
    /// <summary>Deletes finished stages that were not used lately. To be called while the store's lock is held and no stage runs.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keep">How many outputs to keep of each stage, however old; at least 1.</param>
    /// <param name="unused">What was used in this time, by whichever recipe, is kept too.</param>
    /// <returns>Paths, in the store, of what was deleted.</returns>
    public static IReadOnlyList<string> Prune(Store store, int keep, TimeSpan unused)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        if (!Directory.Exists(store.Stages))
        {
            return [];
        }

        var limit = DateTime.UtcNow - unused;
        var old = Directory.GetDirectories(store.Stages)
            .SelectMany(stage => Directory.GetDirectories(stage).OrderByDescending(StageUse.LastOf).ThenBy(path => path, StringComparer.Ordinal).Skip(keep))
            .Where(path => StageUse.LastOf(path) < limit)
            .ToList();
        old.ForEach(path => Remove(store, path));
        return old;
    }

    // Out of sight in one step, so that a kill never leaves part of a stage under its finished name.
    private static void Remove(Store store, string finished)
    {
        Directory.CreateDirectory(store.Work);
        var doomed = Path.Combine(store.Work, $"pruned-{Path.GetFileName(Path.GetDirectoryName(finished))}-{Path.GetFileName(finished)}");
        SafeDelete.Tree(doomed);
        Durable.Rename(finished, doomed);
        StageUse.Forget(finished);
        SafeDelete.Tree(doomed);
    }
}

/// <summary>Remembers when finished stages were used, beside them: they themselves are never touched.</summary>
internal static class StageUse
{
    private const string Suffix = ".used";

    public static void Note(string finished) => File.WriteAllBytes(finished + Suffix, []);

    public static void Forget(string finished) => File.Delete(finished + Suffix);

    /// <summary>The file's time of last write; long ago when it was never noted.</summary>
    public static DateTime LastOf(string finished) => File.GetLastWriteTimeUtc(finished + Suffix);
}
