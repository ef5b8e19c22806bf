using System.Collections.Immutable;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
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
    private const string MaterialsName = "materials.json";

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

    /// <summary>The conflicts that the generation of a key was made with.</summary>
    public static ImmutableArray<EditConflict> ConflictsOf(StageKey key, BuildStore store) => ConflictFile.Read(Path.Combine(store.Finished(Stage, key), ConflictFile.Name));

    /// <summary>All stages that a generation is known to have been made of: those that it was made of first may have left the store.</summary>
    public static IEnumerable<GenerationMaterials> MaterialsOf(string id, BuildStore store)
    {
        var records = Path.Combine(store.Stages, Stage);
        return Directory.Exists(records)
            ? Directory.GetDirectories(records).OrderByDescending(StoreUse.LastOf)
                .Where(record => Read(record, FileName) == id)
                .Select(record => Read(record, MaterialsName)).OfType<string>()
                .Select(GenerationMaterials.Parse).OfType<GenerationMaterials>()
            : [];
    }

    public static Task KeepAsync(GenerationTarget made, string id, GenerationMaterials materials, StageContext context)
        => context.GetOrMakeAsync(Stage, made.Key, async directory =>
        {
            await File.WriteAllTextAsync(Path.Combine(directory, MaterialsName), materials.ToText(), context.Cancellation).ConfigureAwait(false);
            if (!made.Conflicts.IsEmpty)
            {
                await File.WriteAllBytesAsync(Path.Combine(directory, ConflictFile.Name), ConflictFile.Write(made.Conflicts), context.Cancellation).ConfigureAwait(false);
            }

            await File.WriteAllTextAsync(Path.Combine(directory, FileName), id, context.Cancellation).ConfigureAwait(false);
        });

    private static string? Read(string record, string name) => Path.Combine(record, name) is var file && File.Exists(file) ? File.ReadAllText(file) : null;
}
