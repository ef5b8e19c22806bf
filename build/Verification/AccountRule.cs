namespace Dom0Image.Verification;

/// <summary>Accounts have the ids of their lines, and no id of what hosts boot now becomes another account's.</summary>
internal sealed class AccountRule : IGenerationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedGeneration generation)
    {
        if (generation.Accounts is not { } ids)
        {
            return [];
        }

        var (accounts, root) = (new AccountComparison(ids), generation.Tree.Root);
        return generation.Published is { } published && Directory.Exists(published.Root)
            ? accounts.Check(root).Concat(accounts.CheckShifts(root, published.Root, published.Id))
            : accounts.Check(root);
    }
}
