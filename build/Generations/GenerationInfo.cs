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

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(GenerationInfo))]
internal sealed partial class GenerationJson : JsonSerializerContext;
