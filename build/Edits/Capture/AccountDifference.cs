using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Edits.Layers;

namespace Dom0Image.Edits.Capture;

/// <summary>What a session did to users and groups. What a package's own scripts make is left to them.</summary>
/// <param name="before">The generation.</param>
/// <param name="after">What it is now.</param>
/// <param name="came">Keys of the packages that came or changed: their scripts name the accounts that are theirs.</param>
internal sealed class AccountDifference(ImageView before, ImageView after, IEnumerable<string> came)
{
    private readonly HashSet<string> _words = [.. came.SelectMany(key => ScriptsOf(after, key)).SelectMany(text => Regex.Split(text, "[^A-Za-z0-9_.-]+"))];

    /// <summary>Adds them to settings.</summary>
    public LayerSettings AddTo(LayerSettings settings)
    {
        var (oldUsers, newUsers) = (Table(before, "/etc/passwd", 7), Table(after, "/etc/passwd", 7));
        var (oldGroups, newGroups) = (Table(before, "/etc/group", 4), Table(after, "/etc/group", 4));
        var names = newGroups.GroupBy(group => group.Value[2]).ToDictionary(group => group.Key, group => group.First().Key);
        var kept = newUsers.Where(user => !oldUsers.TryGetValue(user.Key, out var old) ? !IsTheirs(user.Key) : !old.SequenceEqual(user.Value)).Select(user => user.Key).ToHashSet();
        return settings with
        {
            Users = [.. kept.Order(StringComparer.Ordinal).Select(name => User(name, newUsers[name], names))],
            RemovedUsers = [.. oldUsers.Keys.Where(name => !newUsers.ContainsKey(name)).Order(StringComparer.Ordinal)],
            Groups = newGroups.Where(group => Id(group.Value[2]) is not null && (!oldGroups.TryGetValue(group.Key, out var old) ? !IsTheirs(group.Key) : old[2] != group.Value[2]))
                .ToImmutableSortedDictionary(group => group.Key, group => Id(group.Value[2])!.Value, StringComparer.Ordinal),
            RemovedGroups = [.. oldGroups.Keys.Where(name => !newGroups.ContainsKey(name)).Order(StringComparer.Ordinal)],
            Members = [.. Members(oldGroups, newGroups, newUsers)],
            Passwords = Passwords(oldUsers.Keys.ToHashSet(), kept),
        };
    }

    private IEnumerable<MemberSetting> Members(Dictionary<string, string[]> oldGroups, Dictionary<string, string[]> newGroups, Dictionary<string, string[]> newUsers)
    {
        foreach (var (name, fields) in newGroups.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var (had, has) = (oldGroups.TryGetValue(name, out var old) ? Names(old[3]) : [], Names(fields[3]));
            foreach (var user in has.Except(had).Where(user => !IsTheirs(user) || before.Text("/etc/passwd").Contains($"\n{user}:", StringComparison.Ordinal)))
            {
                yield return new MemberSetting(name, user, IsMember: true);
            }

            foreach (var user in had.Except(has).Where(newUsers.ContainsKey))
            {
                yield return new MemberSetting(name, user, IsMember: false);
            }
        }
    }

    private ImmutableSortedDictionary<string, string> Passwords(HashSet<string> oldUsers, HashSet<string> kept)
    {
        var (was, now) = (Table(before, "/etc/shadow", 2), Table(after, "/etc/shadow", 2));
        return now.Where(user => oldUsers.Contains(user.Key) ? !was.TryGetValue(user.Key, out var old) || old[1] != user.Value[1] : kept.Contains(user.Key))
            .ToImmutableSortedDictionary(user => user.Key, user => user.Value[1], StringComparer.Ordinal);
    }

    // In doubt an account is kept, with its id.
    private bool IsTheirs(string name) => _words.Contains(name);

    private static UserSetting User(string name, string[] fields, Dictionary<string, string> groups)
        => new(name, Id(fields[2]) ?? 0, groups.GetValueOrDefault(fields[3], fields[3]), fields[4], fields[5], fields[6]);

    private static uint? Id(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static ImmutableArray<string> Names(string field) => [.. field.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private static Dictionary<string, string[]> Table(ImageView image, string file, int fields)
        => image.Lines(file).Select(line => line.Split(':')).Where(row => row.Length >= fields && row[0].Length > 0 && row[0][0] is not ('+' or '-')).GroupBy(row => row[0]).ToDictionary(rows => rows.Key, rows => rows.First());

    private static IEnumerable<string> ScriptsOf(ImageView image, string key)
    {
        const string info = "/var/lib/dpkg/info";
        var names = image.Names(info).Where(name => name.StartsWith($"{key}.", StringComparison.Ordinal) || name.StartsWith($"{key}:", StringComparison.Ordinal)).ToList();
        var scripts = names.Where(name => name.EndsWith("inst", StringComparison.Ordinal) || name.EndsWith(".config", StringComparison.Ordinal)).Select(name => $"{info}/{name}");
        var declared = names.Where(name => name.EndsWith(".list", StringComparison.Ordinal)).SelectMany(name => image.Lines($"{info}/{name}")).Where(path => path.Contains("/sysusers.d/", StringComparison.Ordinal));
        return scripts.Concat(declared).Select(image.Text);
    }
}
