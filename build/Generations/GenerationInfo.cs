using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>What a finished generation is: <c>generation.json</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Key">Key over everything that it was made from.</param>
/// <param name="Created">When it was put together.</param>
/// <param name="Kernels">File names of its kernels.</param>
/// <param name="Hypervisor">File name of its hypervisor; null for none.</param>
/// <param name="Entries">Files, directories and links in its root.</param>
/// <param name="Bytes">Bytes in its root's files.</param>
/// <param name="Microcode">Whether it has microcode for processors.</param>
internal sealed record GenerationInfo(
    string Id,
    string Recipe,
    string Key,
    DateTimeOffset Created,
    IReadOnlyList<string> Kernels,
    string? Hypervisor,
    int Entries,
    long Bytes,
    bool Microcode = false)
{
    /// <summary>The stages that it was made of; null for one that was made before they were noted.</summary>
    public GenerationMaterials? Materials { get; init; }

    /// <summary>The edits that are in it, in the order in which they were applied; null for one that was made before there were any.</summary>
    public IReadOnlyList<GenerationLayer>? Layers { get; init; }

    /// <summary>Reads <c>generation.json</c>.</summary>
    /// <exception cref="BuildFailedException">It is not there, or damaged.</exception>
    public static GenerationInfo Read(GenerationTree tree)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(tree.InfoFile), GenerationJson.Default.GenerationInfo)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read '{tree.InfoFile}': {problem.Message}"), problem);
        }
    }

    internal void Write(GenerationTree tree)
        => File.WriteAllBytes(tree.InfoFile, JsonSerializer.SerializeToUtf8Bytes(this, GenerationJson.Default.GenerationInfo));
}

/// <summary>Keys of the stages in the store that a generation was made of: with them it can be made again without asking any mirror.</summary>
/// <param name="BaseLayer">Key of the base layer, without edits.</param>
/// <param name="Kernels">Keys of the kernels by their flavours' names.</param>
/// <param name="Hypervisor">Key of the hypervisor; null for none.</param>
/// <param name="Microcode">Key of the microcode; null for none.</param>
internal sealed record GenerationMaterials(string BaseLayer, IReadOnlyDictionary<string, string> Kernels, string? Hypervisor, string? Microcode)
{
    /// <summary>As a text that <see cref="Parse"/> reads.</summary>
    public string ToText() => JsonSerializer.Serialize(this, GenerationJson.Default.GenerationMaterials);

    /// <summary>Reads such a text; null for any other.</summary>
    public static GenerationMaterials? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, GenerationJson.Default.GenerationMaterials);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An edit that is in a generation.</summary>
/// <param name="Name">Its name among the recipe's.</param>
/// <param name="Why">The editor's reason.</param>
/// <param name="Who">Who edited.</param>
internal sealed record GenerationLayer(string Name, string Why, string Who);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(GenerationInfo))]
[JsonSerializable(typeof(GenerationMaterials))]
internal sealed partial class GenerationJson : JsonSerializerContext;
