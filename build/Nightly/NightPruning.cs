using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Pipeline;
using Dom0Image.Pruning;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Nightly;

/// <summary>Deletes what nobody needs. Nothing that a person has to say first is taken for said.</summary>
internal static class NightPruning
{
    /// <summary>Deletes, or warns of what is in the way: the night's own work is done.</summary>
    /// <param name="context">The run, which holds the lock.</param>
    /// <param name="site">The site.</param>
    /// <param name="made">Id of what the night made, which may be as old as what goes.</param>
    /// <param name="stage">The edges of the system.</param>
    /// <returns>Ids of those that are gone.</returns>
    public static async Task<ImmutableArray<string>> PruneAsync(BuildContext context, Site site, string made, StageContext stage)
    {
        try
        {
            var job = new PruneJob(context.Places, stage);
            var plan = await job.PlanAsync(context.Options with { YesUnknown = false, Gone = [] }, site, Path.Combine(context.Repository, "recipes")).ConfigureAwait(false);
            return [.. job.Delete(plan with { Doomed = [.. plan.Doomed.Where(info => info.Id != made)] })];
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException or UnauthorizedAccessException)
        {
            stage.Progress.Warn($"old generations were not deleted: {problem.Message}");
            return [];
        }
    }
}
