using System.Collections.Immutable;
using Dom0Image.Archive;

namespace Dom0Image.Differences;

/// <summary>Tells two lists of packages apart: lines of name, version and, where there is one, architecture.</summary>
internal static class PackageChanges
{
    /// <summary>Every package that differs, by name.</summary>
    public static ImmutableArray<PackageChange> Between(string before, string after)
    {
        var (old, now) = (Read(before), Read(after));
        return [.. old.Keys.Union(now.Keys).OrderBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Architecture, StringComparer.Ordinal)
            .Select(key => Change(key.Name, key.Architecture, old.GetValueOrDefault(key), now.GetValueOrDefault(key)))
            .OfType<PackageChange>()];
    }

    private static PackageChange? Change(string name, string architecture, string? before, string? after) => (before, after) switch
    {
        (null, _) => new(name, architecture, ChangeKind.Added, null, after),
        (_, null) => new(name, architecture, ChangeKind.Removed, before, null),
        _ when before == after => null,
        _ => new(name, architecture, DebianVersion.Compare(before, after) switch { < 0 => ChangeKind.Upgraded, > 0 => ChangeKind.Downgraded, _ => ChangeKind.Changed }, before, after),
    };

    private static Dictionary<(string Name, string Architecture), string> Read(string list)
    {
        var packages = new Dictionary<(string, string), string>();
        foreach (var fields in list.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 1))
        {
            packages[(fields[0], fields.Length > 2 ? fields[2] : "")] = fields[1];
        }

        return packages;
    }
}
