using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Benchmarks;

/// <summary>Makes base layers of a given number of files out of a real one.</summary>
internal static class PaddedLayer
{
    private const string Padding = "usr/share/dom0image-benchmark";

    /// <summary>Replaces archives of base layers by ones with so many files, directories and links.</summary>
    /// <param name="bed">Room, where the trees stay until the end of all, and tools.</param>
    /// <param name="archives">Archives of base layers; each is padded.</param>
    /// <param name="entries">How many; more than the layer has.</param>
    /// <returns>Bytes in all regular files of the last one.</returns>
    public static async Task<long> MakeAsync(BenchBed bed, IEnumerable<string> archives, int entries)
    {
        var bytes = 0L;
        foreach (var (index, archive) in archives.ToList().Index())
        {
            var root = bed.In($"padded-{entries.ToString(CultureInfo.InvariantCulture)}-{index.ToString(CultureInfo.InvariantCulture)}");
            Directory.CreateDirectory(root);
            await bed.Context.RunAsync(new ToolCommand("tar", "--extract", "--zstd", "--file", archive, "--directory", root, "--preserve-permissions", "--same-owner", "--numeric-owner", "--xattrs", "--xattrs-include=*")).ConfigureAwait(false);
            SafeDelete.Tree(Path.Combine(root, Padding));
            bytes = Pad(root, entries);
            File.Delete(archive);
            await bed.Context.RunAsync(new ToolCommand("tar", "--create", "--use-compress-program=zstd -1 -T0", "--file", archive, "--directory", root, "--numeric-owner", "--xattrs", "--xattrs-include=*", ".")).ConfigureAwait(false);
        }

        return bytes;
    }

    private static long Pad(string root, int entries)
    {
        var all = FileNode.Get(root).Below().ToList();
        var files = all.Where(node => node.IsFile && node.Path.StartsWith(root + "/usr/", StringComparison.Ordinal)).Select(node => node.Path).ToList();
        var count = all.Count;
        if (count >= entries)
        {
            throw new BuildFailedException(new Diagnostic(string.Create(CultureInfo.InvariantCulture, $"benchmark: the base layer has {count} files, and is to be filled up to {entries}")));
        }

        var padding = Directory.CreateDirectory(Path.Combine(root, Padding)).FullName;
        count++;
        for (var round = 0; count < entries; round++)
        {
            var directory = Directory.CreateDirectory(Path.Combine(padding, round.ToString(CultureInfo.InvariantCulture))).FullName;
            count++;
            // A directory holds as many files as a large one of Debian's.
            foreach (var (index, file) in files.Skip(round * 500 % files.Count).Take(Math.Min(500, entries - count)).Index())
            {
                var copy = Path.Combine(directory, $"{index}-{Path.GetFileName(file)}");
                File.Copy(file, copy);
                File.SetUnixFileMode(copy, PublicModes.File);
                count++;
            }
        }

        return FileNode.Get(root).Below().Where(node => node.IsFile).Sum(node => node.Size);
    }
}
