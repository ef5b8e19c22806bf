namespace Dom0Image.Generations;

/// <summary>The generations that stand in a place. None is deleted but by people: clients may still run from any.</summary>
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
}

/// <summary>A finished generation.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Current">Whether it is the published one.</param>
internal sealed record ListedGeneration(GenerationInfo Info, bool Current);
