using System.Security.Cryptography;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;
using SharpCompress.Readers;

namespace Dom0Image.Edits.Capture;

/// <summary>What a package brings at some paths, before anybody edits them.</summary>
internal static class PackagedState
{
    /// <summary>Reads it out of a package's file.</summary>
    /// <param name="deb">The file.</param>
    /// <param name="paths">Paths of regular files, as in the image.</param>
    /// <param name="context">Runs dpkg-deb.</param>
    public static async Task<Dictionary<string, ManifestEntry>> ReadAsync(FileNode deb, IReadOnlyCollection<string> paths, StageContext context)
    {
        var found = new Dictionary<string, ManifestEntry>();
        await context.Tools.ReadAsync(new ToolCommand("dpkg-deb", "--fsys-tarfile", deb.Path), tar => Read(tar, paths, found), context.Cancellation).ConfigureAwait(false);
        return found;
    }

    private static void Read(Stream tar, IReadOnlyCollection<string> paths, Dictionary<string, ManifestEntry> found)
    {
        using var reader = ReaderFactory.OpenReader(tar);
        while (reader.MoveToNextEntry())
        {
            var name = $"/{reader.Entry.Key!.TrimStart('.', '/')}";
            // Packages of before the move of /bin below /usr say it as it was.
            if (!reader.Entry.IsDirectory && reader.Entry.LinkTarget is null && paths.FirstOrDefault(path => path == name || path == $"/usr{name}") is { } path && reader.Entry is SharpCompress.Common.Tar.TarEntry entry)
            {
                using var content = reader.OpenEntryStream();
                found[path] = new ManifestEntry
                {
                    Path = path,
                    Type = FileType.File,
                    Mode = OctalMode.Of((int)(entry.Mode & 0b111_111_111_111)),
                    Uid = (uint)entry.UserID,
                    Gid = (uint)entry.GroupId,
                    Size = entry.Size,
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
                };
            }
        }
    }
}
