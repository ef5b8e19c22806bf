using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>
/// Replaces server files and boot loaders, each in one step. What we wrote is remembered by hash, so that a file that an
/// administrator or a package wrote is kept beside ours when it is replaced.
/// </summary>
internal sealed class PublicFiles(Places places)
{
    /// <summary>Servers run as other users: everyone reads.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The same for directories.</summary>
    public const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const string KeptSuffix = ".before-dom0image";

    private string RecordFile => places.OnDisk(Places.Images + "/.dom0image-files.json");

    /// <summary>Those files that do not stand in their places as they were built.</summary>
    /// <exception cref="BuildFailedException">Something else than a file stands in a place.</exception>
    public ImmutableArray<PublishedFile> Differing(IEnumerable<PublishedFile> files)
        => [.. files.Where(file => Differs(places.OnDisk(file.Place), file.Source))];

    /// <summary>Replaces files; gives the places of copies that were kept.</summary>
    public ImmutableArray<string> Replace(ImmutableArray<PublishedFile> files)
    {
        if (files.IsEmpty)
        {
            return [];
        }

        var ours = ReadRecord();
        var kept = files.Where(file => Keep(file.Place, ours)).Select(file => file.Place + KeptSuffix).ToImmutableArray();
        foreach (var file in files)
        {
            ours[file.Place] = Digest(file.Source);
        }

        // Before the files: a file of ours that is not in the record would be taken for someone else's.
        Directory.CreateDirectory(Path.GetDirectoryName(RecordFile)!);
        Durable.ReplaceFile(RecordFile, JsonSerializer.SerializeToUtf8Bytes(ours, PublicFilesJson.Default.SortedDictionaryStringString), FileMode);
        foreach (var file in files)
        {
            var path = places.OnDisk(file.Place);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Durable.ReplaceFile(path, File.ReadAllBytes(file.Source), FileMode);
        }

        return kept;
    }

    /// <summary>SHA-256 of a file.</summary>
    public static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static bool Differs(string path, string source)
    {
        var there = new FileInfo(path);
        if (Directory.Exists(path) || there.LinkTarget is not null)
        {
            throw new BuildFailedException(new Diagnostic($"'{path}' is not a plain file") { Hint = $"It is left alone. Move it aside: mv {path} {path}.by-hand" });
        }

        return !there.Exists || there.Length != new FileInfo(source).Length || Digest(path) != Digest(source);
    }

    private bool Keep(string place, SortedDictionary<string, string> ours)
    {
        var path = places.OnDisk(place);
        if (!File.Exists(path) || (ours.TryGetValue(place, out var digest) && digest == Digest(path)))
        {
            return false;
        }

        Durable.ReplaceFile(path + KeptSuffix, File.ReadAllBytes(path), File.GetUnixFileMode(path));
        return true;
    }

    private SortedDictionary<string, string> ReadRecord()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(RecordFile), PublicFilesJson.Default.SortedDictionaryStringString) ?? [];
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class PublicFilesJson : JsonSerializerContext;
