using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>
/// A manifest as <c>manifest.json</c>: an object with one entry on each line, so that two of them can be compared with
/// <c>diff</c> and one path found with <c>grep</c>. The same manifest always gives the same bytes.
/// </summary>
internal static class ManifestFile
{
    private const int Format = 1;

    /// <summary>Writes it; the file is replaced.</summary>
    public static void Write(Manifest manifest, string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 256 * 1024);
        using var lines = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        // Each serialization flushes the writer: what is put between them comes at its place.
        stream.Write("{\"format\":1,\"setIdFiles\":"u8);
        JsonSerializer.Serialize(lines, [.. manifest.SetIdFiles], ManifestJson.Default.StringArray);
        stream.Write(",\"entries\":["u8);
        var separator = "\n"u8.ToArray();
        foreach (var entry in manifest.Entries)
        {
            stream.Write(separator);
            lines.Reset();
            JsonSerializer.Serialize(lines, entry, ManifestJson.Default.ManifestEntry);
            separator = ",\n"u8.ToArray();
        }

        stream.Write("\n]}\n"u8);
    }

    /// <summary>Reads it back.</summary>
    /// <exception cref="BuildFailedException">It is not there, or no manifest.</exception>
    public static Manifest Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ManifestJson.Default.ManifestDocument) is { Format: Format, Entries: { } entries } && entries.All(entry => entry is { Path: ['/', ..] })
                ? new Manifest([.. entries])
                : throw new JsonException($"it is no manifest of format {Format}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read the manifest '{file}': {problem.Message}"), problem);
        }
    }
}

/// <summary>The file as it is parsed.</summary>
internal sealed record ManifestDocument(int Format, string[] SetIdFiles, ManifestEntry[]? Entries);

/// <summary>Serializers generated at compile time: no reflection at start-up.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class ManifestJson : JsonSerializerContext;
