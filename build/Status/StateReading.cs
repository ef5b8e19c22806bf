using Dom0Image.ClientLoads;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;

namespace Dom0Image.Status;

/// <summary>Reads what other targets leave in <see cref="Places.State"/>. That one cannot be read fails nothing: it is told.</summary>
/// <param name="places">Where it lies.</param>
internal sealed class StateReading(Places places)
{
    private readonly List<string> _problems = [];

    /// <summary>What could not be read, and why.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether publication is held; null for no.</summary>
    public PublicationHold? Hold() => Find("whether publication is held", () => PublicationHold.Find(places));

    /// <summary>What each address loaded last over TFTP, as far as it was noted.</summary>
    public IReadOnlyDictionary<string, ClientLoad> Loads()
        => Find("what hosts loaded last", () => ClientRecord.Read(places))?.Clients ?? ClientRecord.Empty.Clients;

    /// <summary>How many conflicts the last build of a recipe left open.</summary>
    public int Conflicts(string recipe) => Find($"whether edits of {recipe} are in conflict", () => OpenConflicts.Read(LayerStore.HomeOf(places, recipe)).AsEnumerable())?.Count() ?? 0;

    private T? Find<T>(string what, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{what} cannot be told: {problem.Message}");
            return null;
        }
    }
}
