using Dom0Image.ClientLoads;
using Dom0Image.CommandLine;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Pruning;

/// <summary>Deletes old generations that nothing keeps.</summary>
/// <param name="places">Where they stand; its lock is held by the caller.</param>
/// <param name="stage">The edges of the system.</param>
internal sealed class PruneJob(Places places, StageContext stage)
{
    /// <summary>Finishes what a run left that was killed, brings the record of clients up to date, and decides. Deletes no generation.</summary>
    /// <param name="options">How many are kept, and who is gone.</param>
    /// <param name="site">The hosts' names.</param>
    /// <param name="recipes">Where recipes are.</param>
    /// <exception cref="Diagnostics.BuildFailedException">A client that is said to be gone is not known; or something cannot be read.</exception>
    public async Task<PrunePlan> PlanAsync(BuildOptions options, Site site, string recipes)
    {
        new GenerationAssembler(places).DeleteLeftovers(stage.Progress.Warn);
        MenuDirectory.DeleteUnused(places, Retention.Unused, stage.Progress.Warn);
        var clients = await ClientWatch.UpdateAsync(places, stage).ConfigureAwait(false);
        if (!options.Gone.IsEmpty)
        {
            clients = GoneClients.Without(clients, options.Gone, site);
            clients.Write(places);
        }

        var plan = PrunePlan.Of(PruneScene.Read(places, clients, options.Newest ?? Retention.GenerationsKept, recipes, options.YesUnknown));
        foreach (var line in plan.Lines())
        {
            stage.Progress.Note(line);
        }

        return plan;
    }

    /// <summary>Deletes what the plan says.</summary>
    /// <returns>Ids of those that are gone.</returns>
    public IReadOnlyList<string> Delete(PrunePlan plan)
    {
        var removal = new GenerationRemoval(places, stage.Progress.Warn);
        return [.. plan.Doomed.Select(info => info.Id).Where(removal.Remove)];
    }
}
