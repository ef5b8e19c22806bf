using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>A small file of what is true of a publishing place, in <see cref="Places.State"/>: replaced whole, for root alone.</summary>
/// <param name="name">Its name there.</param>
/// <param name="type">How it is written.</param>
/// <typeparam name="T">What it holds.</typeparam>
internal sealed class StateFile<T>(string name, JsonTypeInfo<T> type)
    where T : class
{
    public string PathIn(Places places) => Path.Combine(places.OnDisk(Places.State), name);

    /// <summary>What it holds; null where there is none.</summary>
    /// <exception cref="BuildFailedException">It cannot be read, or was damaged by hand: we replace it in one step.</exception>
    public T? Find(Places places)
    {
        var file = PathIn(places);
        try
        {
            return FileNode.Find(file) is null ? null : JsonSerializer.Deserialize(File.ReadAllBytes(file), type) ?? throw new JsonException("it is empty");
        }
        catch (Exception problem) when (problem is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new BuildFailedException(
                new Diagnostic($"cannot read '{file}': {problem.Message}") { Hint = $"Put it right, or move it aside: mv {file} {file}.by-hand" },
                problem);
        }
    }

    /// <summary>Writes it; when this returns, it is there after a power cut too.</summary>
    public void Write(Places places, T content)
    {
        var file = PathIn(places);
        MakeDirectory(Path.GetDirectoryName(file)!);
        Durable.ReplaceFile(file, JsonSerializer.SerializeToUtf8Bytes(content, type), PrivateModes.File);
    }

    /// <summary>Deletes it; when this returns, it is gone after a power cut too. One that is not there is no error.</summary>
    public void Delete(Places places)
    {
        var file = PathIn(places);
        if (FileNode.Find(file) is not null)
        {
            FileChange.Delete(file);
            Durable.SyncDirectory(Path.GetDirectoryName(file)!);
        }
    }

    // Only the last one is ours: those that lead there are the machine's, and open to all.
    private static void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var above = Path.GetDirectoryName(directory)!;
        Directory.CreateDirectory(above);
        Directory.CreateDirectory(directory, PrivateModes.Directory);
        Durable.SyncDirectory(above);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, WriteIndented = true)]
[JsonSerializable(typeof(PublicationJournal))]
[JsonSerializable(typeof(PublicationHold))]
internal sealed partial class StateJson : JsonSerializerContext;
