using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dom0Image.Generations;

namespace Dom0Image.Status;

/// <summary>Reads what other targets leave in <see cref="Places.State"/>. That one cannot be read fails nothing: it is told.</summary>
/// <param name="places">Where it lies.</param>
internal sealed class StateReading(Places places)
{
    private readonly List<string> _problems = [];

    /// <summary>What could not be read, and why.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether publication is held, by the file that going back to a generation leaves; null for no.</summary>
    public HoldStatus? Hold() => Find("hold.json", "whether publication is held", StatusJson.Default.HoldStatus);

    /// <summary>What each address loaded last over TFTP, as far as it was noted.</summary>
    public IReadOnlyDictionary<string, LastLoad> Loads()
        => Find("clients.json", "what hosts loaded last", StatusJson.Default.ClientNotes)?.Clients ?? [];

    private T? Find<T>(string name, string what, JsonTypeInfo<T> type)
        where T : class
    {
        var file = Path.Combine(places.OnDisk(Places.State), name);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), type);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            _problems.Add($"{what} cannot be told: '{file}': {problem.Message}");
            return null;
        }
    }
}

/// <summary>The part of the notes about clients that is of use here.</summary>
internal sealed record ClientNotes(Dictionary<string, LastLoad>? Clients);
