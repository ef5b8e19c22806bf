namespace Dom0Image.Store;

/// <summary>Remembers when directories of the store were used, beside them: they themselves are never touched.</summary>
internal static class StoreUse
{
    private const string Suffix = ".used";

    /// <summary>Notes that a build uses it now; nothing for one that is not there.</summary>
    public static void Note(string directory)
    {
        if (Directory.Exists(directory))
        {
            File.WriteAllBytes(directory + Suffix, []);
        }
    }

    /// <summary>Deletes the note.</summary>
    public static void Forget(string directory) => File.Delete(directory + Suffix);

    /// <summary>When it was used last, UTC; when that was never noted, the time of its own last change.</summary>
    public static DateTime LastOf(string directory)
        => File.GetLastWriteTimeUtc(File.Exists(directory + Suffix) ? directory + Suffix : directory);
}
