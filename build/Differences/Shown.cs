using System.Globalization;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Differences;

/// <summary>Words for people, of names that anybody may have chosen.</summary>
internal static class Shown
{
    /// <summary>On one line, for a terminal and a page: no sign that moves a cursor, turns the direction of writing round, or cannot be seen.</summary>
    public static string Name(string name)
    {
        var printable = ByteName.Printable(name);
        if (printable.All(sign => sign < 0x300))
        {
            return printable;
        }

        var text = new StringBuilder();
        foreach (var rune in printable.EnumerateRunes())
        {
            _ = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                ? text.Append(CultureInfo.InvariantCulture, $@"\u{{{rune.Value:x}}}")
                : text.Append(rune.ToString());
        }

        return text.ToString();
    }

    /// <summary>A day and a time, as this program's pages have them.</summary>
    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>3 upgraded, 1 added</c>; only of kinds that there are.</summary>
    public static string Counts(IEnumerable<ChangeKind> kinds)
        => string.Join(", ", kinds.CountBy(kind => kind).OrderBy(count => count.Key).Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value:N0} {count.Key.ToString().ToLowerInvariant()}")));

    /// <summary>What became of a path, in few words, such as <c>mode 0644 -> 0600, 1.2 kB -> 1.3 kB</c>.</summary>
    public static string Change(PathChange change) => change switch
    {
        { Before: { } before, After: { } after } => string.Join(", ", change.What.Select(what => Difference(what, before, after))),
        { After: { } added } => State(added),
        { Before: { } removed } => State(removed),
        _ => "",
    };

    /// <summary>A size of a row of sizes, as its name has it.</summary>
    public static string Size(string what, long? value) => value is not { } number ? "none"
        : what.StartsWith("files", StringComparison.Ordinal) ? number.ToString("N0", CultureInfo.InvariantCulture)
        : HumanText.Size(number);

    private static string Difference(string what, ManifestEntry before, ManifestEntry after) => what switch
    {
        "content" when before.Size == after.Size => "content",
        "content" => string.Create(CultureInfo.InvariantCulture, $"content, {Size("", after.Size)} ({(after.Size ?? 0) - (before.Size ?? 0):+#,0;-#,0} B)"),
        "type" => $"{State(before)} -> {State(after)}",
        "target" => $"{Name(before.Target ?? "")} -> {Name(after.Target ?? "")}",
        "mode" => $"mode {before.Mode} -> {after.Mode}",
        "owner" => $"owner {before.Uid}:{before.Gid} -> {after.Uid}:{after.Gid}",
        "device" => $"device {before.Device} -> {after.Device}",
        "attributes" => $"attributes {Attributes(before)} -> {Attributes(after)}",
        "hard link" => after.SameFileAs is { } first ? $"now the same file as {Name(first)}" : "no longer the same file as another",
        _ => what,
    };

    private static string Attributes(ManifestEntry state) => state.Xattrs is null ? "none" : string.Join(' ', state.Xattrs.Select(xattr => $"{Name(xattr.Key)}={xattr.Value}"));

    private static string State(ManifestEntry state) => state switch
    {
        { SameFileAs: { } first } => $"the same file as {Name(first)}",
        { Target: { } target } => $"link to {Name(target)}",
        { Size: { } size } => $"{HumanText.Size(size)}, {state.Mode}",
        { Device: { } device } => $"device {device}, {state.Mode}",
        _ => $"{state.Type.ToString().ToLowerInvariant()}, {state.Mode}",
    };
}
