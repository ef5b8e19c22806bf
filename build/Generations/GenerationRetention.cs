namespace Dom0Image.Generations;

/// <summary>Lists the generations that stand in a place. They are kept: clients may still run from them.</summary>
internal static class GenerationRetention
{
    /// <summary>Finished generations, newest first.</summary>
    public static IReadOnlyList<KeptGeneration> List(Places places)
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
            .Select(id => new KeptGeneration(GenerationInfo.Read(GenerationTree.Finished(places, id)), id == current))
            .OrderByDescending(kept => kept.Info.Created)];
    }
}

/// <summary>A finished generation.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Current">Whether it is the published one.</param>
internal sealed record KeptGeneration(GenerationInfo Info, bool Current);
