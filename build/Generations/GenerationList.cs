using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>The generations that stand in a place. Prune alone deletes any: clients may still run from it.</summary>
internal static class GenerationList
{
    /// <summary>Finished generations, newest first.</summary>
    public static IReadOnlyList<ListedGeneration> Of(Places places)
    {
        var directory = places.OnDisk(Places.Generations);
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var current = CurrentState.Read(places).Root;
        return [.. Directory.GetDirectories(directory)
            .Select(path => Path.GetFileName(path))
            // An ext4 has a directory of its own at its top.
            .Where(id => !id.StartsWith('.') && id != "lost+found")
            .Select(id => new ListedGeneration(GenerationInfo.Read(GenerationTree.Finished(places, id)), id == current))
            .OrderByDescending(kept => kept.Info.Created)];
    }

    /// <summary>Sees that one that the user named is there, whole.</summary>
    /// <exception cref="BuildFailedException">There is none of this id; names those that there are.</exception>
    public static void Require(Places places, string id)
    {
        if (new GenerationAssembler(places).Exists(id))
        {
            return;
        }

        string[] there = [.. Of(places).Select(kept => kept.Info.Id)];
        throw new BuildFailedException(new Diagnostic($"there is no generation '{id}' below '{places.OnDisk(Places.Generations)}'")
        {
            Expected = there.Length > 0 ? $"one of {string.Join(", ", there)}" : null,
            Hint = Nearest.Hint(id, there),
        });
    }
}

/// <summary>A finished generation.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Current">Whether it is the published one.</param>
internal sealed record ListedGeneration(GenerationInfo Info, bool Current);
