using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs.Image;

/// <summary>
/// Which id each account of a base layer has in the image: that of its line in <c>recipes/accounts</c>; else the one that its
/// package took, unless a line gives that to another, and then the highest that is free.
/// </summary>
/// <param name="Users">Users' ids in the base layer, and in the image.</param>
/// <param name="Groups">The same for groups.</param>
/// <param name="Proposed">Lines for the accounts that have none, in order.</param>
internal sealed record AccountPlan(ImmutableSortedDictionary<uint, uint> Users, ImmutableSortedDictionary<uint, uint> Groups, ImmutableArray<string> Proposed)
{
    private const uint LastOfSystem = 999;

    /// <summary>Whether every account has its id already.</summary>
    public bool IsEmpty => Users.IsEmpty && Groups.IsEmpty;

    /// <summary>The plan for the accounts of a base layer.</summary>
    /// <param name="ids">The lines of the checkout.</param>
    /// <param name="passwd">/etc/passwd of the base layer.</param>
    /// <param name="group">/etc/group of the base layer.</param>
    /// <exception cref="BuildFailedException">A line gives an account the id that is another's in every system of the suite.</exception>
    public static AccountPlan For(AccountIds ids, string passwd, string group)
    {
        var proposed = ImmutableArray.CreateBuilder<string>();
        var problems = new List<Diagnostic>();
        var users = Moves(ids, AccountKind.User, AccountTable.Read(passwd), proposed, problems);
        var groups = Moves(ids, AccountKind.Group, AccountTable.Read(group), proposed, problems);
        return problems.Count > 0 ? throw new BuildFailedException(problems) : new AccountPlan(users, groups, proposed.ToImmutable());
    }

    private static ImmutableSortedDictionary<uint, uint> Moves(
        AccountIds ids, AccountKind kind, ImmutableDictionary<string, uint> installed, ImmutableArray<string>.Builder proposed, List<Diagnostic> problems)
    {
        // Names of one id are one account; the one that has a line speaks for it.
        var accounts = installed
            .GroupBy(account => account.Value, account => account.Key)
            .Select(names => (Id: names.Key, Name: names.OrderBy(name => ids.Of(kind, name) is null).ThenBy(name => name, StringComparer.Ordinal).First()))
            .OrderBy(account => account.Name, StringComparer.Ordinal)
            .ToList();
        var own = accounts.Where(account => !AccountIds.IsDynamic(kind, account.Id) && ids.Of(kind, account.Name) is null).ToDictionary(account => account.Id, account => account.Name);
        problems.AddRange(
            from account in accounts
            where ids.Of(kind, account.Name) is { } line && own.ContainsKey(line)
            select new Diagnostic($"{AccountIds.Word(kind)} '{account.Name}' cannot have the id {ids.Of(kind, account.Name)}: it is '{own[ids.Of(kind, account.Name)!.Value]}' in every system of the suite") { Where = ids.WhereOf(kind, account.Name) });
        accounts.RemoveAll(account => own.ContainsKey(account.Id));
        var taken = ids.All(kind).Union(own.Keys).ToHashSet();
        var moves = ImmutableSortedDictionary.CreateBuilder<uint, uint>();

        // Those that may keep theirs first, so that one moves only where it must.
        foreach (var (id, name) in accounts.OrderBy(account => taken.Contains(account.Id)))
        {
            var target = ids.Of(kind, name) ?? (taken.Contains(id) ? Free(id, taken) : id);
            taken.Add(target);
            if (target != id)
            {
                moves[id] = target;
            }

            if (ids.Of(kind, name) is null)
            {
                proposed.Add(AccountIds.Line(kind, name, target));
            }
        }

        return moves.ToImmutable();
    }

    // System accounts stay below 1000, as login programs ask.
    private static uint Free(uint id, HashSet<uint> taken)
    {
        var free = id <= LastOfSystem ? LastOfSystem : AccountIds.Last;
        while (taken.Contains(free))
        {
            free--;
        }

        return free;
    }
}
