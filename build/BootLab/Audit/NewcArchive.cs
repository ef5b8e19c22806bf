using System.Globalization;
using System.Text;

namespace Dom0Image.BootLab.Audit;

/// <summary>Writes an initial RAM disk: a cpio archive of the form <c>newc</c>, which the kernel unpacks itself.</summary>
public static class NewcArchive
{
    private const int DirectoryType = 0x4000;
    private const int FileType = 0x8000;
    private const int ReadableExecutable = 0x1ED; // 0755

    /// <summary>Writes directories and executable files, all of them root's.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="directories">Relative paths, parents first.</param>
    /// <param name="files">Relative paths and contents.</param>
    public static void Write(string path, IEnumerable<string> directories, IEnumerable<(string Path, byte[] Content)> files)
    {
        using var stream = File.Create(path);
        var inode = 1;
        foreach (var directory in directories)
        {
            Add(stream, inode++, directory, DirectoryType | ReadableExecutable, []);
        }

        foreach (var (name, content) in files)
        {
            Add(stream, inode++, name, FileType | ReadableExecutable, content);
        }

        Add(stream, 0, "TRAILER!!!", 0, []);
    }

    private static void Add(FileStream stream, int inode, string name, int mode, byte[] content)
    {
        // magic, inode, mode, uid, gid, links, time, size, device x2, special device x2, length of the name, checksum
        int[] fields = [inode, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, Encoding.ASCII.GetByteCount(name) + 1, 0];
        stream.Write(Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(f => f.ToString("X8", CultureInfo.InvariantCulture))) + name + "\0"));
        Pad(stream);
        stream.Write(content);
        Pad(stream);
    }

    private static void Pad(FileStream stream) => stream.Write(new byte[(4 - (stream.Position % 4)) % 4]);
}
