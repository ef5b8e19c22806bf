using System.Text;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Reads files that a person named, links followed. Anything but a file is refused before it is opened: a pipe would wait for a writer.</summary>
internal static class PlainFile
{
    /// <summary>The whole content.</summary>
    /// <exception cref="IOException">It is no file, or cannot be read.</exception>
    public static byte[] ReadAllBytes(string path)
        => Syscall.stat(path, out var status) == 0 && new FileNode(path, status) is { IsFile: false, IsDirectory: false } other
            ? throw new IOException($"'{path}' is a {other.TypeName} and no file")
            : File.ReadAllBytes(path);

    /// <summary>The whole content as text.</summary>
    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(new MemoryStream(ReadAllBytes(path)), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
