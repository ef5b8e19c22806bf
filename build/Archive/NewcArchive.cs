using System.Globalization;
using System.Text;

namespace Dom0Image.Archive;

/// <summary>
/// Writes an initial RAM disk: a cpio archive of the form <c>newc</c>, which the kernel unpacks itself. The same content gives the same bytes.
/// cpio(1) and bsdtar(1) place no content at a multiple of 16, as microcode must lie, and tell of no file where its content begins.
/// </summary>
internal static class NewcArchive
{
    private const string Magic = "070701";
    private const string End = "TRAILER!!!";
    private const int HeaderLength = 110;
    private const int Digits = 8;
    private const int Alignment = 4;

    private const int TypeBits = 0xF000;
    private const int DirectoryType = 0x4000;
    private const int FileType = 0x8000;
    private const int ReadableExecutable = 0b111_101_101;

    /// <summary>Writes directories and executable files, all of them root's.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="directories">Relative paths, parents first.</param>
    /// <param name="files">Relative paths and contents.</param>
    /// <param name="aligned">Contents of files begin at a multiple of this: names are filled up with zeros, of which readers take the first for the end.</param>
    public static void Write(string path, IEnumerable<string> directories, IEnumerable<(string Path, byte[] Content)> files, int aligned = Alignment)
    {
        using var stream = File.Create(path);
        var inode = 1;
        foreach (var directory in directories)
        {
            Add(stream, inode++, directory, DirectoryType | ReadableExecutable, [], Alignment);
        }

        foreach (var (name, content) in files)
        {
            Add(stream, inode++, name, FileType | ReadableExecutable, content, aligned);
        }

        Add(stream, 0, End, 0, [], Alignment);
    }

    /// <summary>The files of an archive, in its order: name, where the content begins, and how long it is.</summary>
    /// <exception cref="InvalidDataException">It is no archive of this form, or is cut off.</exception>
    public static IEnumerable<(string Name, long Offset, long Length)> Files(string path)
    {
        using var stream = File.OpenRead(path);
        var header = new byte[HeaderLength];
        while (true)
        {
            if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || Encoding.ASCII.GetString(header, 0, Magic.Length) != Magic)
            {
                throw new InvalidDataException($"no cpio header at byte {stream.Position - HeaderLength}");
            }

            long Field(int index) => long.TryParse(Encoding.ASCII.GetString(header, Magic.Length + (index * Digits), Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new InvalidDataException($"no number in the cpio header at byte {stream.Position - HeaderLength}");
            var (mode, length, nameLength) = (Field(1), Field(6), Field(11));
            if (stream.Position + nameLength > stream.Length)
            {
                throw new InvalidDataException($"the name at byte {stream.Position} is cut off");
            }

            var name = new byte[nameLength];
            stream.ReadExactly(name);
            var text = Encoding.ASCII.GetString(name).TrimEnd('\0');
            if (text == End)
            {
                yield break;
            }

            var offset = Up(stream.Position, Alignment);
            if (offset + length > stream.Length)
            {
                throw new InvalidDataException($"'{text}' is cut off");
            }

            if ((mode & TypeBits) == FileType)
            {
                yield return (text, offset, length);
            }

            stream.Position = Up(offset + length, Alignment);
        }
    }

    private static void Add(FileStream stream, int inode, string name, int mode, byte[] content, int aligned)
    {
        var (begin, needed) = (stream.Position + HeaderLength, Encoding.ASCII.GetByteCount(name) + 1);
        var nameLength = aligned > Alignment ? (int)(Up(begin + needed, aligned) - begin) : needed;

        // inode, mode, uid, gid, links, time, size, device x2, special device x2, length of the name, checksum
        int[] fields = [inode, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, nameLength, 0];
        stream.Write(Encoding.ASCII.GetBytes(Magic + string.Concat(fields.Select(f => f.ToString("X8", CultureInfo.InvariantCulture))) + name.PadRight(nameLength, '\0')));
        stream.Write(new byte[Up(stream.Position, Alignment) - stream.Position]);
        stream.Write(content);
        stream.Write(new byte[Up(stream.Position, Alignment) - stream.Position]);
    }

    private static long Up(long position, int multiple) => (position + multiple - 1) / multiple * multiple;
}
