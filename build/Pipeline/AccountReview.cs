using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.RootFs;
using Dom0Image.Stages;

namespace Dom0Image.Pipeline;

/// <summary>Looks at the ids of a composed image's accounts, and proposes lines for those that have none.</summary>
/// <param name="ids">The lines of the checkout.</param>
/// <param name="accounts">Which ids were given.</param>
/// <param name="places">Where the generation is that clients boot now.</param>
public sealed class AccountReview(AccountIds ids, AccountPlan accounts, Places places)
{
    private const string ProposalFile = "accounts.new";

    /// <summary>Ids that are not what lines say, or that were another account's in what is published. What a line itself changes is only told.</summary>
    /// <param name="root">The image's root on this machine.</param>
    /// <param name="progress">Told of changes.</param>
    public IEnumerable<Finding> Check(string root, IStageProgress progress)
    {
        var checks = new AccountChecks(ids);
        List<Finding> found = [.. checks.Check(root)];
        if (CurrentState.Read(places).Root is { } generation && GenerationTree.Finished(places, generation).Root is var published && Directory.Exists(published))
        {
            found.AddRange(checks.CheckShifts(root, published, generation));
            foreach (var change in checks.Changes(root, published, generation))
            {
                progress.Warn(change);
            }
        }

        return found;
    }

    /// <summary>Leaves the lines that are missing with the generation, and says so.</summary>
    public void Propose(StagedGeneration staged, IStageProgress progress)
    {
        if (!accounts.Proposed.IsEmpty)
        {
            File.WriteAllLines(Path.Combine(staged.Tree.ImageDirectory, ProposalFile), accounts.Proposed);
            var kept = Path.Combine(places.OnDisk(Places.Generations), staged.Id, ProposalFile);
            var (have, others) = accounts.Proposed.Length == 1 ? ("1 account has", "another id") : ($"{accounts.Proposed.Length} accounts have", "other ids");
            progress.Note($"{have} no line in {ids.File}, and may get {others} when packages change: cat {kept} >> {ids.File}");
        }
    }
}
