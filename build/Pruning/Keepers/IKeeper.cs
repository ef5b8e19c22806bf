namespace Dom0Image.Pruning.Keepers;

/// <summary>A reason why generations are not deleted. To add one is to add a file and its name in <see cref="All"/>.</summary>
internal interface IKeeper
{
    public static readonly IReadOnlyList<IKeeper> All =
    [
        new BootedKeeper(),
        new MenuKeeper(),
        new RollbackKeeper(),
        new ClientKeeper(),
        new UnknownKeeper(),
        new SessionKeeper(),
        new LockKeeper(),
        new NewestKeeper(),
    ];

    /// <summary>The generations that it keeps; some may not stand.</summary>
    IEnumerable<Kept> Keep(PruneScene scene);
}

/// <summary>A generation that stays.</summary>
/// <param name="Generation">Its id.</param>
/// <param name="Why">Why, in words that go on after <c>is kept: </c>.</param>
internal sealed record Kept(string Generation, string Why);
