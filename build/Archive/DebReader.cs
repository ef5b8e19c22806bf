using Dom0Image.Diagnostics;
using SharpCompress.Common;
using SharpCompress.Readers.Tar;

namespace Dom0Image.Archive;

/// <summary>Reads single files out of a <c>.deb</c>, without installing it and without running anything of it.</summary>
internal static class DebReader
{
    /// <summary>Copies the files that <paramref name="target"/> names a place for.</summary>
    /// <param name="deb">The package's file.</param>
    /// <param name="target">Given each file's path in the package (<c>boot/xen-4.20-amd64.gz</c>), returns the file to write, or null to leave it out.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <returns>The paths in the package that were copied.</returns>
    /// <exception cref="BuildFailedException">The file is no whole package.</exception>
    public static IReadOnlyList<string> Extract(string deb, Func<string, string?> target, CancellationToken cancellation = default)
    {
        using var file = File.OpenRead(deb);
        var (_, length) = ArReader.Seek(file, deb, name => name.StartsWith("data.tar", StringComparison.Ordinal));
        var copied = new List<string>();
        try
        {
            // The format of the compression is told from the data.
            using var tar = TarReader.OpenReader(new PartOfStream(file, length));
            while (tar.MoveToNextEntry())
            {
                if (tar.Entry.IsDirectory || tar.Entry.LinkTarget is not null)
                {
                    continue;
                }

                var path = tar.Entry.Key!.TrimStart('.', '/');
                if (target(path) is not { } place)
                {
                    continue;
                }

                using var entry = tar.OpenEntryStream();
                using var written = File.Create(place);
                Copy(entry, written, cancellation);
                copied.Add(path);
            }
        }
        catch (Exception problem) when (problem is SharpCompressException or InvalidDataException or EndOfStreamException)
        {
            throw new BuildFailedException(new Diagnostic($"'{deb}' cannot be read: {problem.Message}"), problem);
        }

        return copied;
    }

    private static void Copy(Stream from, Stream to, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 18];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            to.Write(buffer, 0, read);
        }
    }
}
