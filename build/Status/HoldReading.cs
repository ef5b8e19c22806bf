using System.Text.Json;
using Dom0Image.Generations;

namespace Dom0Image.Status;

/// <summary>Whether publication is held, by the file that going back to a generation leaves.</summary>
internal static class HoldReading
{
    private const string FileName = "hold.json";

    /// <summary>The hold; null for none. Where that cannot be told, why.</summary>
    public static (HoldStatus? Hold, string? Problem) Find(Places places)
    {
        var file = Path.Combine(places.OnDisk(Places.State), FileName);
        try
        {
            return (JsonSerializer.Deserialize(File.ReadAllBytes(file), StatusJson.Default.HoldStatus), null);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, $"whether publication is held cannot be told: '{file}': {problem.Message}");
        }
    }
}
