using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Posix;

namespace Dom0Image.Auditing;

/// <summary>A name in the tree that caught a client's writes.</summary>
/// <param name="Type">As <c>find</c> has it: <c>f</c>, <c>d</c>, <c>l</c>; <c>c</c> stands for what was deleted.</param>
/// <param name="Mode">Permission bits with set-id and sticky bits.</param>
/// <param name="User">Its owner's number.</param>
/// <param name="Group">Its group's number.</param>
/// <param name="Bytes">RAM that it takes.</param>
/// <param name="Path">Path in the image.</param>
internal sealed record AuditEntry(string Type, int Mode, uint User, uint Group, long Bytes, string Path)
{
    /// <summary>The words of <c>find -printf</c> that give what is read here, one line each.</summary>
    public const string Format = @"%y|%m|%U|%G|%b|%P\n";

    private const int Block = 512;

    public bool IsDirectory => Type == "d";

    /// <summary>Reads a listing, parents before what is below them; what is none of its lines is left out.</summary>
    public static ImmutableArray<AuditEntry> ReadAll(IEnumerable<string> listing)
        =>
        [
            .. listing.Select(line => line.Split('|', 6)).Where(p => p.Length == 6 && p[5].Length > 0)
                .Select(p => new AuditEntry(p[0], OctalMode.Parse(p[1]), Number(p[2]), Number(p[3]), Number(p[4]) * (long)Block, "/" + p[5]))
                .OrderBy(e => e.Path, StringComparer.Ordinal),
        ];

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
