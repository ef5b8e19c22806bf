using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Dom0Image.Testing;

/// <summary>What became of the mutants of a room.</summary>
/// <param name="Killed">A test noticed, or did not end any more.</param>
/// <param name="Survived">Tests went through the place, and none noticed.</param>
/// <param name="Unreached">No test went through the place.</param>
/// <param name="Left">Those that no test noticed, each as <c>file:line: what was changed</c>.</param>
internal sealed record MutationTally(int Killed, int Survived, int Unreached, ImmutableArray<string> Left)
{
    /// <summary>How many there were, in percent.</summary>
    public double Score => 100.0 * Killed / Math.Max(1, Count);

    /// <summary>How many there were. What does not compile, and what is left out by rule, is none.</summary>
    public int Count => Killed + Survived + Unreached;

    /// <summary>Reads Stryker's report, which is of the schema that all mutation testing tools write.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="JsonException">It is no such report.</exception>
    public static MutationTally Read(string json)
    {
        using var report = JsonDocument.Parse(json);
        var mutants = report.RootElement.GetProperty("files").EnumerateObject()
            .SelectMany(file => file.Value.GetProperty("mutants").EnumerateArray().Select(mutant => (File: file.Name, Mutant: mutant, Status: mutant.GetProperty("status").GetString())))
            .ToList();
        int Of(params string[] states) => mutants.Count(m => states.Contains(m.Status));
        return new MutationTally(Of("Killed", "Timeout"), Of("Survived"), Of("NoCoverage"), [.. mutants.Where(m => m.Status is "Survived" or "NoCoverage").Select(m => Line(m.File, m.Mutant, m.Status!))]);
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Killed} of {Count} noticed ({Score:F0} %), {Survived} not, {Unreached} reached by no test");

    private static string Line(string file, JsonElement mutant, string status)
    {
        var start = mutant.GetProperty("location").GetProperty("start");
        var text = mutant.TryGetProperty("replacement", out var replacement) ? replacement.GetString() : "";
        return $"{file}:{start.GetProperty("line").GetInt32()}:{start.GetProperty("column").GetInt32()}: {(status == "NoCoverage" ? "reached by no test: " : "")}{mutant.GetProperty("mutatorName").GetString()}: {text?.ReplaceLineEndings(" ")}";
    }
}
