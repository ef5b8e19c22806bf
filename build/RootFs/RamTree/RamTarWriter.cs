using System.Globalization;
using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.RamTree;

/// <summary>
/// Writes nodes of an image as tar entries with exact modes, owners and names, in the GNU form that every suite's tar reads:
/// .NET's own writer has no names that are not UTF-8. ACLs and user attributes stand before their entry as GNU tar keeps
/// them, which a tar that is too old for them passes over.
/// </summary>
internal sealed class RamTarWriter(Stream stream) : IDisposable
{
    private const int LongestField = 100;

    // What a tmpfs keeps, and means something there: it is mounted nosuid, which takes the effect from capabilities.
    private static readonly string[] Kept = ["user.", "system.posix_acl_"];

    private readonly Dictionary<ulong, string> _linked = [];

    /// <summary>A node's name in the archive: relative, directories with a slash at the end.</summary>
    public static string NameOf(RamTreeNode node) => $".{node.Path}{(node.Node.IsDirectory ? "/" : "")}";

    /// <summary>Adds a node.</summary>
    public void Add(RamTreeNode node)
    {
        var name = NameOf(node);
        var first = node.Node.Links > 1 && !node.Node.IsDirectory && !node.Emptied ? _linked.GetValueOrDefault(node.Node.Inode) : null;
        if (first is not null)
        {
            Write(TarHeader.Of(node.Node, TarHeader.HardLink), name, first);
            return;
        }

        WriteAttributes(node.Node);
        var header = TarHeader.Of(node.Node, TarHeader.TypeOf(node.Node));
        if (node is { Node.IsFile: true, Emptied: false })
        {
            using var content = new FileStream(node.Node.Open(), FileAccess.Read);
            Write(header with { Size = content.Length }, name, null);
            content.CopyTo(stream);
            Pad(content.Length);
        }
        else
        {
            Write(header, name, node.Node.IsLink ? node.Node.Target : null);
        }

        if (!node.Emptied)
        {
            _linked.TryAdd(node.Node.Inode, name);
        }
    }

    /// <summary>Adds a character device of root's.</summary>
    public void AddDevice(string name, uint major, uint minor, int mode)
        => Write(new TarHeader(TarHeader.CharacterDevice, mode) { Major = major, Minor = minor }, name, null);

    /// <summary>Adds a directory of root's.</summary>
    public void AddDirectory(string name, int mode) => Write(new TarHeader(TarHeader.Directory, mode), name, null);

    /// <summary>Ends the archive: two empty blocks.</summary>
    public void Dispose() => stream.Write(new byte[2 * TarHeader.Block]);

    private void WriteAttributes(FileNode node)
    {
        var records = new MemoryStream();
        foreach (var (name, value) in ExtendedAttributes.Of(node.Path).Where(attribute => Kept.Any(kept => attribute.Name.StartsWith(kept, StringComparison.Ordinal))))
        {
            records.Write(Record(ByteName.ToBytes($"SCHILY.xattr.{name}="), value));
        }

        if (records.Length > 0)
        {
            WriteExtra('x', "././@PaxHeader", records.ToArray());
        }
    }

    // "LENGTH key=value\n", where the length counts its own digits too.
    private static byte[] Record(byte[] key, byte[] value)
    {
        var rest = 1 + key.Length + value.Length + 1;
        var length = rest;
        while (length != rest + Digits(length).Length)
        {
            length = rest + Digits(length).Length;
        }

        return [.. Encoding.ASCII.GetBytes(Digits(length)), (byte)' ', .. key, .. value, (byte)'\n'];

        static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private void Write(TarHeader header, string name, string? target)
    {
        var nameBytes = ByteName.ToBytes(name);
        var targetBytes = ByteName.ToBytes(target ?? "");
        if (targetBytes.Length > LongestField)
        {
            WriteExtra('K', "././@LongLink", [.. targetBytes, 0]);
        }

        if (nameBytes.Length > LongestField)
        {
            WriteExtra('L', "././@LongLink", [.. nameBytes, 0]);
        }

        stream.Write(header.ToBytes(nameBytes, targetBytes));
    }

    private void WriteExtra(char type, string name, byte[] content)
    {
        stream.Write(new TarHeader(type, 0) { Size = content.Length }.ToBytes(Encoding.ASCII.GetBytes(name), []));
        stream.Write(content);
        Pad(content.Length);
    }

    private void Pad(long length) => stream.Write(new byte[(TarHeader.Block - (length % TarHeader.Block)) % TarHeader.Block]);
}
