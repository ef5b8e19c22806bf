using Dom0Image.Boot;
using Dom0Image.Edits.Merge;
using Dom0Image.Pipeline;
using Dom0Image.Store;

namespace Dom0Image.Nightly;

/// <summary>Publishes what a night built, where the site, a rollback and the edits let it.</summary>
/// <param name="context">The run.</param>
/// <param name="plan">What was built, and for whom.</param>
internal sealed class NightPublishing(BuildContext context, BuildPlan plan)
{
    /// <summary>Decides, and does it.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">It cannot be published, or whether it is held is not known; hosts boot what they booted.</exception>
    public async Task<NightPublication> PublishAsync(GenerationTarget made, PreparedBootFiles files, StageContext stage)
    {
        var decision = PublishDecision.Of(context.Options, context.Places, made.Conflicts, plan.Site.Publish);
        if (decision.Verdict is PublishVerdict.Publish)
        {
            var (changed, _) = await new BuildPublishing(context, plan.Site).PublishAsync(files, stage).ConfigureAwait(false);
            return new NightPublication(changed.IsEmpty ? NightOutcome.NothingNew : NightOutcome.Published);
        }

        if (decision.Verdict is not PublishVerdict.Conflict && files.Stand(context.Places))
        {
            return new NightPublication(NightOutcome.NothingNew);
        }

        var publication = NotPublished(decision, made);
        foreach (var conflict in made.Conflicts)
        {
            stage.Progress.Warn($"{ConflictText.Of(conflict, plan.Recipe.Name)}");
        }

        context.Report.NextStep = $"{publication.Why} {string.Join("; ", publication.Next)}";
        return publication;
    }

    private NightPublication NotPublished(PublishDecision decision, GenerationTarget made)
        => decision switch
        {
            { Verdict: PublishVerdict.Conflict } => new(NightOutcome.Conflict, $"{made.Id} is ready and has the base's state where an edit and the base differ. To settle that, and then to publish:")
            {
                Conflicts = made.Conflicts,
                Next = [.. made.Conflicts.SelectMany(conflict => ConflictText.Commands(conflict, plan.Recipe.Name)), HoldOf.Publish(context.Options)],
            },
            { Hold: { } hold } => new(NightOutcome.Held, $"{made.Id} is ready and waits, since somebody went back to {hold.Generation}. To publish it:") { Next = [HoldOf.Resume(context.Options)] },

            // With --resume, since whoever names a generation alone means it to stay.
            _ => new(NightOutcome.Ready, $"{made.Id} is ready: the site has people publish. To publish it:") { Next = [HoldOf.PublishNamed(context.Options, made.Id, resume: true)] },
        };
}
