using Dom0Image.Generations;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Differences;

/// <summary>Tells the accounts of two images apart. What a password's hash is stays here: that it is another one is all that is said.</summary>
/// <param name="files">Reads the images' files.</param>
internal sealed class AccountChanges(ImageFiles files)
{
    private const string None = "no password, locked";

    /// <summary>Users, groups with their members, and passwords.</summary>
    public IEnumerable<SettingChange> Between(GenerationTree before, GenerationTree after) =>
    [
        .. Changes(SettingKind.User, Users(before), Users(after)),
        .. Changes(SettingKind.Group, Groups(before), Groups(after)),
        .. Passwords(before, after),
    ];

    /// <summary>What differs between two tables, by name.</summary>
    internal static IEnumerable<SettingChange> Changes(SettingKind kind, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
        => from name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
           let old = before.GetValueOrDefault(name)
           let now = after.GetValueOrDefault(name)
           where old != now
           select new SettingChange(kind, name, old, now);

    private Dictionary<string, string> Users(GenerationTree generation)
        => Table(generation, "/etc/passwd", fields => fields.Length < 7 ? null : $"uid {fields[2]}, gid {fields[3]}, {fields[5]}, {fields[6]}{(fields[4].Length > 0 ? $", '{fields[4]}'" : "")}");

    private Dictionary<string, string> Groups(GenerationTree generation)
        => Table(generation, "/etc/group", fields => fields.Length < 4 ? null : $"gid {fields[2]}{(fields[3].Length > 0 ? $", members {fields[3].Replace(",", ", ", StringComparison.Ordinal)}" : "")}");

    private Dictionary<string, string> Table(GenerationTree generation, string path, Func<string[], string?> describe)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fields in files.Lines(generation, path).Select(line => line.Split(':')))
        {
            if (describe(fields) is { } text)
            {
                table[fields[0]] = text;
            }
        }

        return table;
    }

    private IEnumerable<SettingChange> Passwords(GenerationTree before, GenerationTree after)
    {
        if (Fields(before) is not { } old || Fields(after) is not { } now)
        {
            yield break;
        }

        foreach (var name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (one, other) = (old.GetValueOrDefault(name), now.GetValueOrDefault(name));
            // One that went is told with its user, and so is a new one by whose password nobody can log in.
            if (other is not null && one != other && (Kind(one ?? "*"), Kind(other)) is not (None, None))
            {
                yield return new SettingChange(SettingKind.Password, name, one is null ? null : Kind(one), one is not null && Kind(one) == Kind(other) ? "another password" : Kind(other));
            }
        }
    }

    // Of users whose line in /etc/passwd sends to /etc/shadow, what that one has; null where it cannot be read.
    private Dictionary<string, string>? Fields(GenerationTree generation)
    {
        if (files.TryLines(generation, "/etc/shadow") is not { } lines)
        {
            return null;
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (user, password) in PasswordFields.Read(files.Lines(generation, "/etc/passwd")).Where(line => line.Password != "x").Concat(PasswordFields.Read(lines)))
        {
            fields[user] = password;
        }

        return fields;
    }

    private static string Kind(string password) => password switch
    {
        "" => "an empty password",
        "*" or "!" or "!*" or "!!" => None,
        ['!', ..] => "a password, locked",
        _ => "a password",
    };
}
