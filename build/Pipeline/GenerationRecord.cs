using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>
/// Which generation a key over inputs gave, once it was made and verified. Several keys may have given the same one: a change of this
/// program, or of the archive's date, makes the image anew, and a generation only where the image differs.
/// </summary>
internal static class GenerationRecord
{
    private const string Stage = "generation";
    private const string FileName = "id";

    /// <summary>The generation of a key; null where it was never made, or the store was deleted since.</summary>
    public static string? Find(StageKey key, BuildStore store)
    {
        var record = store.Finished(Stage, key);
        if (!Directory.Exists(record))
        {
            return null;
        }

        StoreUse.Note(record);
        return File.ReadAllText(Path.Combine(record, FileName));
    }

    public static Task KeepAsync(StageKey key, string id, StageContext context)
        => context.GetOrMakeAsync(Stage, key, directory => File.WriteAllTextAsync(Path.Combine(directory, FileName), id, context.Cancellation));
}
