using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Verification;

/// <summary>Everything that was found wrong with a generation, from all rules, in one place.</summary>
/// <param name="Generation">Id of the generation.</param>
/// <param name="Findings">What was found; none when it can be published.</param>
internal sealed record VerificationReport(string Generation, ImmutableArray<Finding> Findings)
{
    /// <summary>Whether the generation can be published.</summary>
    [JsonIgnore]
    public bool Passed => Findings.IsEmpty;

    /// <summary>For programs: an object with <c>generation</c> and <c>findings</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, VerificationJson.Default.VerificationReport);

    /// <summary>Stops the build when something was found.</summary>
    /// <exception cref="BuildFailedException">With all findings.</exception>
    public void ThrowUnlessPassed()
    {
        if (!Passed)
        {
            throw new BuildFailedException(Findings.Select(finding => finding.ToDiagnostic()));
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class VerificationJson : JsonSerializerContext;
