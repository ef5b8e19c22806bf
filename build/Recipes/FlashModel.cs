using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Posix;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What a recipe's <c>flash</c> may say.</summary>
internal static class FlashModel
{
    /// <summary>An absolute, normalised path in the image.</summary>
    public static readonly ScalarShape<string> ImagePath = new("path in the image", "/var/log", @"^(/[A-Za-z0-9@_.+:-]+)+$", ParsePath)
    {
        Details = " (absolute, of letters, digits and @ _ . + : -, without a slash at its end)",
        HintFor = HintForPath,
    };

    private const int DirectoryMode = 0b111_101_101;
    private const int FileMode = 0b110_100_100;

    // All that adduser takes when told to, useradd's dots, and Samba's machine accounts with a sign at their end.
    private static readonly ScalarShape<string> OwnerName = new("user or group", "root", "^([A-Za-z_][A-Za-z0-9_.-]{0,30}[A-Za-z0-9_.$-]?|0|[1-9][0-9]{0,9})$", ParseOwner)
    {
        MayBeNumber = true,
        Details = " by name or number",
        HintFor = text => text.Contains(':') ? "User and group are keys of their own: 'owner' and 'group'." : null,
    };

    private static readonly Field<FlashKind> Kind = Field<FlashKind>.Optional(
        "kind", new WordShape<FlashKind>("kind of path", ("directory", FlashKind.Directory), ("file", FlashKind.File), ("symlink", FlashKind.Symlink)), FlashKind.Directory,
        "What stands at the path. Default: directory.");

    private static readonly Field<int> Mode = Field<int>.Optional(
        "mode", new ScalarShape<int>("octal mode", "0755", "^[0-7]{3,4}$", ParseMode) { MayBeNumber = true, HintFor = FirstWords.OfMode }, -1,
        "Permission bits, octal, with or without quotes. Default: 0755 for directories, 0644 for files.");

    private static readonly Field<string> Owner = Field<string>.Optional("owner", OwnerName, "root", "User that the path belongs to. Default: root.");

    private static readonly Field<string> Group = Field<string>.Optional("group", OwnerName, "root", "Group that the path belongs to. Default: root.");

    private static readonly Field<FlashStart> Start = Field<FlashStart>.Optional(
        "start", new WordShape<FlashStart>("start", ("empty", FlashStart.Empty), ("tree", FlashStart.Tree), ("content", FlashStart.Content)), FlashStart.Empty,
        "What the path holds when a client has booted: nothing (empty), the image's directories below it without their files (tree), or all that the image has there (content). Default: empty.");

    private static readonly Field<string?> Target = Field<string?>.Optional(
        "target", ImagePath!, null, "Where a symlink leads, an absolute path.");

    private static readonly Field<long> Size = Field<long>.Needed(
        "size", Scalars.Size, "Upper limit of the RAM that a client's writable paths may take.");

    private static readonly Field<ImmutableArray<FlashEntry>> Paths = Field<ImmutableArray<FlashEntry>>.Needed(
        "paths",
        new MapShape<FlashEntry>("writable paths", ImagePath, new ObjectShape<FlashEntry>("a writable path", [Kind, Mode, Owner, Group, Start, Target], BuildEntry)
        {
            Rules =
            [
                new When<FlashKind>(Kind, FlashKind.Symlink, "symlink", [Target], [Mode, Start]),
                new When<FlashKind>(Kind, FlashKind.Directory, "directory", [], [Target]),
                new When<FlashKind>(Kind, FlashKind.File, "file", [], [Target]),
            ],
        }, 1),
        "Writable paths of the image. Each is moved below /flash and replaced by a link; a client has its own copy in RAM. A path below another one is created inside it.", []);

    /// <summary>The key <c>flash</c>.</summary>
    public static readonly Field<FlashList> Flash = Field<FlashList>.Needed(
        "flash",
        new ObjectShape<FlashList>("a flash list", [Size, Paths], f => new FlashList(f.Get(Size), FlashCheck.ParentsFirst(f.Get(Paths))) { SizeWhere = f.WhereOf(Size) })
        {
            Rules = [new Checked(f => FlashCheck.Check(f.Get(Paths)))],
        },
        "The writable part of the image, kept in the client's RAM.");

    /// <summary>The mode of an entry that says none.</summary>
    public static int DefaultMode(FlashKind kind) => kind == FlashKind.File ? FileMode : DirectoryMode;

    private static FlashEntry BuildEntry(Fields f)
    {
        var kind = f.Get(Kind);
        var mode = (kind, f.Get(Mode)) switch
        {
            (FlashKind.Symlink, _) => 0,
            (_, -1) => DefaultMode(kind),
            (_, var given) => given,
        };
        return new FlashEntry(f.Name, kind, mode, f.Get(Owner), f.Get(Group), f.Get(Start)) { Target = f.Get(Target), Where = f.Where };
    }

    private static Parsed<int> ParseMode(string text) => OctalMode.Parse(text);

    private static Parsed<string> ParseOwner(string text)
        => char.IsAsciiDigit(text[0]) && (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == uint.MaxValue)
            ? Parsed<string>.Bad("is too large for a user or group")
            : text;

    private static Parsed<string> ParsePath(string text)
        => text.Split('/').Any(part => part is "." or "..")
            ? Parsed<string>.Bad("is not normalised: '.' and '..' have no place in it", $"Write '{Path.GetFullPath(text)}'.")
            : text.Length > 1000 ? Parsed<string>.Bad("is longer than 1000 characters") : text;

    private static string? HintForPath(string text)
        => text == "/" ? "The root itself stays read-only; list the directories below it that must be writable."
            : text.Length > 0 && text[0] != '/' ? $"It begins with '/': '/{text}'."
            : text.Contains("//") || text.EndsWith('/') ? $"Write '/{string.Join('/', text.Split('/', StringSplitOptions.RemoveEmptyEntries))}'." : null;
}
