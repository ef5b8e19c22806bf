using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Generations;

namespace Dom0Image.Nightly;

/// <summary>What came of a night, for programs. What is not there is left out.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="ExitCode">That of the command.</param>
/// <param name="Recipe">Name of what was built.</param>
/// <param name="Site">Name of where it is served.</param>
/// <param name="Started">When it began.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record NightResult(NightOutcome Outcome, int ExitCode, string Recipe, string Site, DateTimeOffset Started, double Seconds)
{
    /// <summary>What it made and what stands, published or not.</summary>
    public string? Generation { get; init; }

    /// <summary>What hosts booted when it began.</summary>
    public string? BootedBefore { get; init; }

    /// <summary>What hosts boot now.</summary>
    public string? Booted { get; init; }

    /// <summary>Why what it made is not published.</summary>
    public string? WhyNotPublished { get; init; }

    /// <summary>The commands that come next.</summary>
    public ImmutableArray<string> Next { get; init; } = [];

    public PublicationHold? Hold { get; init; }

    public ImmutableArray<NightConflict> Conflicts { get; init; } = [];

    public NightStage? BootTest { get; init; }

    public ImmutableArray<NightStage> Stages { get; init; } = [];

    public ImmutableArray<string> Problems { get; init; } = [];

    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Ids of generations that were deleted.</summary>
    public ImmutableArray<string> Deleted { get; init; } = [];

    /// <summary>Whether what it made differs from what hosts booted before, as the files beside this one tell; null where there was nothing to compare.</summary>
    public bool? Differs { get; init; }

    /// <summary>What the tools said.</summary>
    public string? Log { get; init; }

    /// <summary>As JSON, with a newline at its end.</summary>
    public string Json() => JsonSerializer.Serialize(this, NightJson.Default.NightResult) + "\n";
}

/// <summary>Where an edit and the base cannot both be had.</summary>
internal sealed record NightConflict(string Layer, string What, string Reason);

/// <summary>What became of a stage.</summary>
/// <param name="Name">As the run shows it.</param>
/// <param name="Outcome">Such as <c>Made</c> or <c>Failed</c>.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Facts">What it says of its result; null for nothing.</param>
internal sealed record NightStage(string Name, string Outcome, double Seconds, string? Facts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(NightResult))]
internal sealed partial class NightJson : JsonSerializerContext;
