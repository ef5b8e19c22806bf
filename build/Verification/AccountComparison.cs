using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>Whether an id of a finished image is the same account's as before, so that nothing on a file system that images share changes hands.</summary>
/// <param name="ids">The lines of the checkout.</param>
internal sealed class AccountComparison(AccountIds ids)
{
    /// <summary>Accounts whose ids are not those of their lines: an overlay brought others.</summary>
    /// <param name="root">The image's root on this machine.</param>
    public IEnumerable<Finding> Check(string root)
        => from kind in Enum.GetValues<AccountKind>()
           from account in Table(root, kind).OrderBy(account => account.Key, StringComparer.Ordinal)
           where ids.Of(kind, account.Key) is { } line && line != account.Value
           select new Finding(
               FindingKind.AccountNotOfLine, FileOf(kind), $"gives {AccountIds.Word(kind)} '{account.Key}' the id {account.Value}, and {ids.WhereOf(kind, account.Key)} says {ids.Of(kind, account.Key)}",
               "An overlay brings this file, or the line was changed after the base layer was made");

    /// <summary>Ids that were another account's in the image that clients boot now, and that no line gives.</summary>
    /// <param name="root">The image's root on this machine.</param>
    /// <param name="published">The root that is published.</param>
    /// <param name="generation">Its generation.</param>
    public IEnumerable<Finding> CheckShifts(string root, string published, string generation)
    {
        foreach (var kind in Enum.GetValues<AccountKind>())
        {
            var (now, before) = (Table(root, kind), Table(published, kind));
            var owners = now.Where(account => AccountIds.IsDynamic(kind, account.Value)).ToLookup(account => account.Value, account => account.Key);
            foreach (var (name, id) in before.Where(account => AccountIds.IsDynamic(kind, account.Value) && ids.Of(kind, account.Key) is null).OrderBy(account => account.Key, StringComparer.Ordinal))
            {
                (FindingKind Kind, string What)? found = now.TryGetValue(name, out var other)
                    ? other == id ? null : (FindingKind.AccountMoved, $"'{name}' the id {other}")
                    : owners[id].FirstOrDefault(owner => ids.Of(kind, owner) is null) is { } heir ? (FindingKind.AccountInherited, $"'{heir}' the id {id} of '{name}'") : null;
                if (found is var (fault, what))
                {
                    yield return new Finding(
                        fault, FileOf(kind), $"gives {AccountIds.Word(kind)} {what}, which was {id} in generation {generation}: what it owns on a file system that both mount would change hands",
                        $"Add the line '{AccountIds.Line(kind, name, id)}' to {ids.File}");
                }
            }
        }
    }

    /// <summary>What the lines themselves change against the image that clients boot now.</summary>
    /// <param name="root">The image's root on this machine.</param>
    /// <param name="published">The root that is published.</param>
    /// <param name="generation">Its generation.</param>
    public IEnumerable<string> Changes(string root, string published, string generation)
        => from change in Differences(root, published)
           where ids.Of(change.Kind, change.Name) is not null
           select $"{AccountIds.Word(change.Kind)} '{change.Name}' is {change.Id} from now on, as {ids.WhereOf(change.Kind, change.Name)} says, and was {change.Other} in generation {generation}: what it owns on imgs keeps the old number";

    /// <summary>Accounts whose ids differ between two images.</summary>
    /// <param name="root">One image's root on this machine.</param>
    /// <param name="other">The other's.</param>
    /// <returns>The account, its id in the one and in the other.</returns>
    public static IEnumerable<(AccountKind Kind, string Name, uint Id, uint Other)> Differences(string root, string other)
        => from kind in Enum.GetValues<AccountKind>()
           let others = Table(other, kind)
           from account in Table(root, kind).OrderBy(account => account.Key, StringComparer.Ordinal)
           where others.TryGetValue(account.Key, out var id) && id != account.Value
           select (kind, account.Key, account.Value, others[account.Key]);

    private static ImmutableDictionary<string, uint> Table(string root, AccountKind kind)
    {
        var path = ContainedPath.Resolve(root, FileOf(kind));
        return FileNode.Find(path) is { IsFile: true } ? AccountTable.Read(File.ReadAllText(path)) : ImmutableDictionary<string, uint>.Empty;
    }

    private static string FileOf(AccountKind kind) => kind == AccountKind.User ? "/etc/passwd" : "/etc/group";
}
