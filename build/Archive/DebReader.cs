using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;
using SharpCompress.Common;
using SharpCompress.Readers;

namespace Dom0Image.Archive;

/// <summary>Reads single files out of a <c>.deb</c>, without installing it and without running anything of it.</summary>
internal static class DebReader
{
    // The file's digest was right when it came.
    private const string Hint = "It was damaged after it was fetched, or while it was read: build again, and it is fetched anew. If it happens again, look at the disk.";

    /// <summary>Copies the files that <paramref name="target"/> names a place for.</summary>
    /// <param name="deb">The package's file.</param>
    /// <param name="target">Given each file's path in the package (<c>boot/xen-4.20-amd64.gz</c>), returns the file to write, or null to leave it out.</param>
    /// <param name="context">Tools, cancellation.</param>
    /// <returns>The paths in the package that were copied.</returns>
    /// <exception cref="BuildFailedException">The file is no whole package.</exception>
    public static async Task<IReadOnlyList<string>> ExtractAsync(string deb, Func<string, string?> target, StageContext context)
    {
        var copied = new List<string>();
        var command = new ToolCommand("dpkg-deb", "--fsys-tarfile", deb).WithEnvironment("LC_ALL", "C.UTF-8");
        try
        {
            await context.Tools.ReadAsync(command, tar => copied.AddRange(Copy(tar, target)), context.Cancellation).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is ToolFailedException or SharpCompressException or InvalidDataException or EndOfStreamException)
        {
            var why = problem is ToolFailedException { LastLines: [var first, ..] } ? first : problem.Message;
            throw new BuildFailedException(new Diagnostic($"'{deb}' is no whole Debian package: {why}") { Hint = Hint }, problem);
        }

        return copied;
    }

    private static IEnumerable<string> Copy(Stream stream, Func<string, string?> target)
    {
        // Seen: TarReader.OpenReader of SharpCompress 0.50.8 cannot read what it cannot seek in, and this can.
        using var tar = ReaderFactory.OpenReader(stream);
        while (tar.MoveToNextEntry())
        {
            if (!tar.Entry.IsDirectory && tar.Entry.LinkTarget is null && tar.Entry.Key!.TrimStart('.', '/') is var path && target(path) is { } place)
            {
                using var entry = tar.OpenEntryStream();
                using var written = File.Create(place);
                entry.CopyTo(written);
                yield return path;
            }
        }
    }
}
