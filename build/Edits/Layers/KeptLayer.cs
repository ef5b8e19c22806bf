using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Edits.Layers;

/// <summary>A layer with the contents that it brings, as it lies on disk.</summary>
/// <param name="Layer">What it says.</param>
/// <param name="Directory">Holds <c>layer.json</c>, <c>contents/SHA256</c> of files and <c>.deb</c>s, and <c>log</c>, the session's commands.</param>
internal sealed record KeptLayer(Layer Layer, string Directory)
{
    /// <summary>Name of the file that says what a layer is; written last.</summary>
    public const string FileName = "layer.json";

    /// <summary>Name of the directory with contents.</summary>
    public const string Contents = "contents";

    /// <summary>Name of the file with the session's commands.</summary>
    public const string Log = "log";

    /// <summary>The file with a content.</summary>
    /// <param name="sha256">Its sum, in 64 hex digits.</param>
    public string ContentOf(string sha256) => Path.Combine(Directory, Contents, sha256);

    /// <summary>Reads it.</summary>
    /// <param name="directory">A layer's directory.</param>
    /// <exception cref="BuildFailedException">It is not there, or damaged.</exception>
    public static KeptLayer Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        try
        {
            return new KeptLayer(JsonSerializer.Deserialize(File.ReadAllBytes(file), LayerJson.Default.Layer) ?? throw new JsonException("it is empty"), directory);
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read the layer '{file}': {problem.Message}"), problem);
        }
    }

    /// <summary>The layer as <c>layer.json</c>: the same layer always gives the same bytes.</summary>
    public static byte[] Write(Layer layer) => JsonSerializer.SerializeToUtf8Bytes(layer, LayerJson.Default.Layer);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(Layer))]
internal sealed partial class LayerJson : JsonSerializerContext;
