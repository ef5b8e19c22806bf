using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>What is directly in a directory, by whatever bytes it is named; .NET's own enumeration changes what is no UTF-8.</summary>
internal static class DirectoryNames
{
    private const int BufferSize = 32 * 1024;

    // The kernel's struct linux_dirent64, alike on all architectures.
    private const int LengthAt = 16;
    private const int TypeAt = 18;
    private const int NameAt = 19;

    /// <summary>All names, in no order, and what each is, where the file system says.</summary>
    /// <param name="directory">Path of the directory.</param>
    /// <param name="follow">Whether it may be a link to one.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static List<(string Name, ListedType Type)> Read(string directory, bool follow = true)
    {
        var flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC | (follow ? 0 : OpenFlags.O_NOFOLLOW);
        var descriptor = Syscall.open(directory, flags);
        PosixFailure.ThrowIf(descriptor, $"cannot open '{directory}'");
        try
        {
            return Read(descriptor, directory);
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }

    /// <summary>The same of a directory that was just opened.</summary>
    /// <param name="descriptor">It; read to its end.</param>
    /// <param name="directory">Its path, for what is told when it cannot be read.</param>
    public static List<(string Name, ListedType Type)> Read(int descriptor, string directory)
    {
        var names = new List<(string, ListedType)>();
        Span<byte> buffer = stackalloc byte[BufferSize];
        int read;
        while ((read = (int)getdents64(descriptor, ref buffer[0], BufferSize)) > 0)
        {
            Parse(buffer[..read], names);
        }

        PosixFailure.ThrowIf(read, $"cannot read '{directory}'");
        return names;
    }

    private static void Parse(ReadOnlySpan<byte> entries, List<(string, ListedType)> names)
    {
        while (entries.Length > 0)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entries[LengthAt..]);
            var name = entries[NameAt..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add((ByteName.FromBytes(name), (ListedType)entries[TypeAt]));
            }

            entries = entries[length..];
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint getdents64(int descriptor, ref byte buffer, nuint size);
}

/// <summary>What a directory's listing says of a name; the kernel's numbers.</summary>
internal enum ListedType : byte
{
    /// <summary>The file system does not say.</summary>
    Unknown = 0,

    Directory = 4,

    /// <summary>A regular file.</summary>
    File = 8,

    /// <summary>A symbolic link.</summary>
    Link = 10,
}
