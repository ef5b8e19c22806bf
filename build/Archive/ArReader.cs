using System.Globalization;
using System.Text;
using Dom0Image.Diagnostics;

namespace Dom0Image.Archive;

/// <summary>Reads the members of an <c>ar</c> file, the outer form of a <c>.deb</c>, one after the other.</summary>
internal static class ArReader
{
    private const int HeaderLength = 60;

    /// <summary>Goes to the first member for which <paramref name="wanted"/> holds.</summary>
    /// <param name="stream">The file, at its start; afterwards at the member's first byte.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="wanted">Given each member's name.</param>
    /// <returns>The member's name and its length in bytes.</returns>
    /// <exception cref="BuildFailedException">This is no such file, it is cut off, or it has no such member.</exception>
    public static (string Name, long Length) Seek(Stream stream, string file, Predicate<string> wanted)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        var magic = header[..8];
        if (stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual("!<arch>\n"u8))
        {
            throw Broken(file, "it does not start as one");
        }

        while (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            var name = Encoding.ASCII.GetString(header[..16]).TrimEnd(' ', '/');
            if (!header[58..60].SequenceEqual("`\n"u8)
                || !long.TryParse(Encoding.ASCII.GetString(header[48..58]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var length)
                || stream.Position + length > stream.Length)
            {
                throw Broken(file, $"it is cut off or damaged at byte {stream.Position - HeaderLength}");
            }

            if (wanted(name))
            {
                return (name, length);
            }

            // Members start at even offsets.
            stream.Seek(length + (length & 1), SeekOrigin.Current);
        }

        throw Broken(file, "a part of it is not there");
    }

    private static BuildFailedException Broken(string file, string why)
        => new(new Diagnostic($"'{file}' is no Debian package: {why}"));
}
