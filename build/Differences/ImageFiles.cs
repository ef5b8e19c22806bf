using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Differences;

/// <summary>Reads small files of finished images as they are seen from inside, and keeps what could not be read.</summary>
internal sealed class ImageFiles
{
    private const int MostBytes = 16 << 20;

    private readonly List<string> _unread = [];

    /// <summary>What could not be read, in words.</summary>
    public ImmutableArray<string> Unread => [.. _unread.Distinct()];

    /// <summary>The lines of a file; none where it is not there or cannot be read. Bytes that are no UTF-8 stand as in names.</summary>
    public string[] Lines(GenerationTree generation, string path) => TryLines(generation, path) ?? [];

    /// <summary>The lines of a file; null where they cannot be known.</summary>
    public string[]? TryLines(GenerationTree generation, string path)
    {
        try
        {
            return FileNode.Find(ContainedPath.Resolve(generation.Root, path)) switch
            {
                null => [],
                { IsFile: true, Size: <= MostBytes } file => ByteName.FromBytes(file.ReadAllBytes()).Split('\n'),
                _ => throw new IOException("it is no file, or too large"),
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or BuildFailedException)
        {
            _unread.Add($"{path} of {generation.Id} cannot be read{(Environment.IsPrivilegedProcess ? $": {problem.Message}" : "; root can")}");
            return null;
        }
    }
}
