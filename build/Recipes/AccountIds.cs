using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes;

/// <summary>Kinds of account.</summary>
internal enum AccountKind
{
    /// <summary>A line of /etc/passwd.</summary>
    User,

    /// <summary>A line of /etc/group.</summary>
    Group,
}

/// <summary>
/// The ids that accounts have in every image: <c>recipes/accounts</c>, a line <c>user sshd 994</c> for each. Packages take the
/// next free id in the order in which they are installed, so that without it an id is one account's in one image and
/// another's in the next, and what lies on a file system that both mount changes hands. Lines that are empty or begin
/// with # say nothing; a line whose account no recipe has any more keeps its id from being given away.
/// </summary>
internal sealed class AccountIds
{
    /// <summary>The last id that is given as accounts come; those above are Debian's own, the same everywhere.</summary>
    public const uint Last = 59_999;

    // Below it ids are Debian's own (base-passwd); of groups it is one, too: users.
    private const uint First = 100;

    private readonly Dictionary<(AccountKind Kind, string Name), (uint Id, SourceLocation Where)> _ids = [];
    private readonly Dictionary<(AccountKind Kind, uint Id), string> _names = [];

    private AccountIds(string file) => File = file;

    /// <summary>No ids: each account has the one that its package took.</summary>
    public static AccountIds None { get; } = new("recipes/accounts");

    /// <summary>The file as the user would type it.</summary>
    public string File { get; }

    /// <summary>Reads the file; one that is not there says nothing.</summary>
    /// <exception cref="BuildFailedException">All lines that cannot be read, or that give an id twice.</exception>
    public static AccountIds Read(string file)
    {
        var ids = new AccountIds(file);
        if (!System.IO.File.Exists(file))
        {
            return ids;
        }

        var problems = new List<Diagnostic>();
        foreach (var (line, index) in System.IO.File.ReadLines(file).Select((line, index) => (line.Trim(), index)))
        {
            if (line.Length > 0 && line[0] != '#' && ids.Problem(line, new SourceLocation(file, index + 1)) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems.Count > 0 ? throw new BuildFailedException(problems) : ids;
    }

    /// <summary>Whether an id is given as accounts come, and is not the same in every system of a suite.</summary>
    public static bool IsDynamic(AccountKind kind, uint id) => id <= Last && (kind == AccountKind.User ? id >= First : id > First);

    /// <summary>The line of an account.</summary>
    public static string Line(AccountKind kind, string name, uint id) => string.Create(CultureInfo.InvariantCulture, $"{Word(kind)} {name} {id}");

    public static string Word(AccountKind kind) => kind == AccountKind.User ? "user" : "group";

    /// <summary>The id that a line gives an account; null when there is none.</summary>
    public uint? Of(AccountKind kind, string name) => _ids.TryGetValue((kind, name), out var line) ? line.Id : null;

    /// <summary>Where it says so.</summary>
    public SourceLocation? WhereOf(AccountKind kind, string name) => _ids.TryGetValue((kind, name), out var line) ? line.Where : null;

    /// <summary>Ids that lines give to accounts of a kind, also to those that an image lacks.</summary>
    public ImmutableHashSet<uint> All(AccountKind kind) => [.. _names.Keys.Where(key => key.Kind == kind).Select(key => key.Id)];

    private Diagnostic? Problem(string line, SourceLocation where)
    {
        if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var word, var name, var number]
            || word is not ("user" or "group")
            || name.Contains(':', StringComparison.Ordinal)
            || !uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return new Diagnostic($"'{line}' gives no id to an account") { Where = where, Expected = "'user' or 'group', a name and a number, such as 'user sshd 994'" };
        }

        var kind = word == "user" ? AccountKind.User : AccountKind.Group;
        if (id is 0 or > Last)
        {
            return new Diagnostic($"{word} '{name}' cannot have the id {id}")
            {
                Where = where,
                Expected = string.Create(CultureInfo.InvariantCulture, $"a number from 1 to {Last}; the others are the same in every system"),
            };
        }

        if (!_ids.TryAdd((kind, name), (id, where)))
        {
            return new Diagnostic($"{word} '{name}' has an id already, in line {_ids[(kind, name)].Where.Line}") { Where = where };
        }

        return _names.TryAdd((kind, id), name) ? null : new Diagnostic($"the id {id} is {word} '{_names[(kind, id)]}''s already, in line {_ids[(kind, _names[(kind, id)])].Where.Line}")
        {
            Where = where,
            Expected = "each id once",
        };
    }
}
