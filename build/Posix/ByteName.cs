using System.Text;
using System.Text.Unicode;

namespace Dom0Image.Posix;

/// <summary>
/// Names of files as text. A name is bytes to the kernel, and text in whatever encoding someone had: a byte that is no part
/// of UTF-8 text stands as U+0000, which no name holds, and the byte as a character. So no two names become one, what the
/// system calls of Mono.Unix are given is the name itself, and .NET's own file calls refuse it where they would open another.
/// </summary>
internal static class ByteName
{
    private const char Escape = '\0';

    /// <summary>The text of a name, a path or a link's target.</summary>
    public static string FromBytes(ReadOnlySpan<byte> name)
    {
        if (Utf8.IsValid(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        var text = new StringBuilder(name.Length * 2);
        while (name.Length > 0)
        {
            var isText = Rune.DecodeFromUtf8(name, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isText)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var value in name[..length])
                {
                    text.Append(Escape).Append((char)value);
                }
            }

            name = name[length..];
        }

        return text.ToString();
    }

    /// <summary>The bytes that <see cref="FromBytes"/> was given.</summary>
    public static byte[] ToBytes(string name)
    {
        if (!name.Contains(Escape))
        {
            return Encoding.UTF8.GetBytes(name);
        }

        var bytes = new List<byte>(name.Length);
        for (var i = 0; i < name.Length;)
        {
            var end = name.IndexOf(Escape, i);
            bytes.AddRange(Encoding.UTF8.GetBytes(name[i..(end < 0 ? name.Length : end)]));
            if (end < 0)
            {
                break;
            }

            bytes.Add((byte)name[end + 1]);
            i = end + 2;
        }

        return [.. bytes];
    }

    /// <summary>The name on one line, for people: what is no text, or would move a terminal's cursor, stands as <c>\xff</c>.</summary>
    public static string Printable(string name)
    {
        if (!name.Any(char.IsControl))
        {
            return name;
        }

        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var isByte = name[i] == Escape && i + 1 < name.Length;
            var shown = name[isByte ? ++i : i];
            _ = isByte || char.IsControl(shown) ? text.Append($@"\x{(int)shown:x2}") : text.Append(shown);
        }

        return text.ToString();
    }
}
