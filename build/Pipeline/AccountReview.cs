using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;
using Dom0Image.Verification;

namespace Dom0Image.Pipeline;

/// <summary>Looks at the ids of a composed image's accounts, and proposes lines for those that have none.</summary>
/// <param name="ids">The lines of the checkout.</param>
/// <param name="accounts">Which ids were given.</param>
/// <param name="places">Where the generation is that clients boot now.</param>
internal sealed class AccountReview(AccountIds ids, AccountPlan accounts, Places places)
{
    private const string ProposalFile = "accounts.new";

    /// <summary>The generation that clients boot now; null where there is none.</summary>
    internal GenerationTree? Published => CurrentState.Read(places).Root is { } generation ? GenerationTree.Finished(places, generation) : null;

    /// <summary>Tells what lines themselves change against what clients boot now: that is meant, and no fault.</summary>
    /// <param name="root">The image's root on this machine.</param>
    /// <param name="progress">Told of changes.</param>
    public void TellChanges(string root, IStageProgress progress)
    {
        if (Published is { } published && Directory.Exists(published.Root))
        {
            foreach (var change in new AccountComparison(ids).Changes(root, published.Root, published.Id))
            {
                progress.Warn(change);
            }
        }
    }

    /// <summary>Sees that no id of what clients boot now becomes another account's by a generation that stands.</summary>
    /// <exception cref="BuildFailedException">One does; carries all of them.</exception>
    public void RequireNoShifts(string generation)
    {
        if (Published is { } published && published.Id != generation && Directory.Exists(published.Root))
        {
            new VerificationReport(generation, [.. new AccountComparison(ids).CheckShifts(GenerationTree.Finished(places, generation).Root, published.Root, published.Id)]).ThrowUnlessPassed();
        }
    }

    /// <summary>Leaves the lines that are missing with the finished generation, beside its root, and says so.</summary>
    public void Propose(string generation, IStageProgress progress)
    {
        if (!accounts.Proposed.IsEmpty)
        {
            var kept = Path.Combine(GenerationTree.Finished(places, generation).ImageDirectory, ProposalFile);
            File.WriteAllLines(kept, accounts.Proposed);
            var (have, others) = accounts.Proposed.Length == 1 ? ("1 account has", "another id") : ($"{accounts.Proposed.Length} accounts have", "other ids");
            progress.Note($"{have} no line in {ids.File}, and may get {others} when packages change: cat {kept} >> {ids.File}");
        }
    }
}
