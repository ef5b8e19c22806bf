using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;

namespace Dom0Image.Edits.Merge;

/// <summary>Where an edit and the base cannot both be had: nobody but a person decides it.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="What">The path, or the package.</param>
/// <param name="Reason">Why, in a few words.</param>
internal sealed record EditConflict(string Layer, string What, string Reason)
{
    /// <summary>State in the generation that was edited.</summary>
    public ManifestEntry? Old { get; init; }

    /// <summary>State in the base that it is applied to.</summary>
    public ManifestEntry? Base { get; init; }

    /// <summary>State that the edit gave it.</summary>
    public ManifestEntry? Edit { get; init; }

    /// <summary>Sum over all of the base that is in question; empty where no answer settles it.</summary>
    public string BaseSum { get; init; } = "";

    /// <summary>Sum over what the edit says.</summary>
    public string EditSum { get; init; } = "";

    /// <summary>Answers that settle it, see <see cref="AnswerKind"/>; empty for a package.</summary>
    public ImmutableArray<AnswerKind> Answers { get; init; } = [];

    /// <summary>What differs between base and edit, where both are text.</summary>
    public ImmutableArray<string> Diff { get; init; } = [];

    /// <summary>Whether it is about a path and not about a package.</summary>
    [JsonIgnore]
    public bool IsPath => !Answers.IsEmpty;
}

/// <summary>Conflicts as they are kept for whoever answers them.</summary>
internal static class ConflictFile
{
    /// <summary>Its name.</summary>
    public const string Name = "conflicts.json";

    /// <summary>The text of the file.</summary>
    public static byte[] Write(ImmutableArray<EditConflict> conflicts) => JsonSerializer.SerializeToUtf8Bytes([.. conflicts], ConflictJson.Default.EditConflictArray);

    /// <summary>Reads it; none where there is no file.</summary>
    /// <exception cref="BuildFailedException">It is damaged.</exception>
    public static ImmutableArray<EditConflict> Read(string file)
    {
        try
        {
            return File.Exists(file) ? [.. JsonSerializer.Deserialize(File.ReadAllBytes(file), ConflictJson.Default.EditConflictArray) ?? []] : [];
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read the conflicts '{file}': {problem.Message}") { Hint = "Build or republish again" }, problem);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(EditConflict[]))]
internal sealed partial class ConflictJson : JsonSerializerContext;
