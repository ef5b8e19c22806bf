using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;

namespace Dom0Image.Nightly;

/// <summary>The last step of a night, however it ended: the result is kept, and whoever is to know of it is told. Changes nothing that is served, and fails for nothing.</summary>
/// <param name="night">The night.</param>
/// <param name="run">The whole run.</param>
/// <param name="output">Told where the result is, and what went wrong here.</param>
internal sealed class NightEnd(Night night, Run run, TextWriter output)
{
    private readonly List<string> _warnings = [];

    /// <summary>Keeps the result, lets go of the locks, and runs the site's command where it is meant for this end.</summary>
    /// <param name="exitCode">What the tasks ended with.</param>
    /// <param name="signal">The exit code of the signal that ended them; 0 for none.</param>
    /// <param name="made">What they made; null where they did not come to that.</param>
    /// <returns>The exit code of the run.</returns>
    public async Task<int> CloseAsync(int exitCode, int signal, string? made)
    {
        var outcome = exitCode == 0 && night.Publication is { } done ? done.Outcome : signal != 0 ? NightOutcome.Interrupted : NightOutcome.Failed;
        var site = Try(() => SiteReader.Read(RecipeFiles.Site(night.Repository, night.Options.Site)), "");
        var generation = made is not null && new GenerationAssembler(night.Places).Exists(made) ? made : null;
        var difference = site is not null && generation is not null && night.Before is { } before && before != generation
            ? Try(() => new DifferenceReader(night.Places, site).Read(before, generation), "what is new was not compared: ")
            : null;
        var result = Result(outcome, signal, generation, difference);
        var file = Try(() => new NightFolder(night.Places).Write(result, difference, Warn), "the result was not written: ");
        run.HandOver.Dispose();
        output.WriteLine($"Night: {outcome}, exit code {result.ExitCode}{(file is null ? "" : $"; result: {file}")}");
        if (NightExit.Alarms(outcome) && site is { OnFailure: { IsEmpty: false } words } && await new FailureCommand(words, FailureCommand.Limit).RunAsync(result, file).ConfigureAwait(false) is { } problem)
        {
            Warn(problem);
        }

        return result.ExitCode;
    }

    private NightResult Result(NightOutcome outcome, int signal, string? generation, GenerationDifference? difference)
    {
        var stages = run.Report.Stages;
        return new NightResult(outcome, NightExit.CodeOf(outcome, signal), night.Options.Recipe, night.Options.Site, night.Started, Seconds(run.Report.Elapsed))
        {
            Generation = generation,
            BootedBefore = night.Before,
            Booted = Try(() => CurrentState.Booted(night.Places), "what hosts boot is not known: "),
            WhyNotPublished = night.Publication?.Why,
            Next = night.Publication?.Next ?? [],
            Hold = Try(() => PublicationHold.Find(night.Places), "whether publication is held is not known: "),
            Conflicts = [.. (night.Publication?.Conflicts ?? []).Select(conflict => new NightConflict(conflict.Layer, conflict.What, conflict.Reason))],
            BootTest = stages.Where(stage => stage.Name == "boot test").Select(Stage).LastOrDefault(),
            Stages = [.. stages.Select(Stage)],
            Problems = Problems(outcome, stages),
            Warnings = [.. run.Report.Warnings, .. _warnings],
            Deleted = night.Publication?.Deleted ?? [],
            Differs = difference is null ? null : !difference.IsNone,
            Log = run.Logs?.ToolLogIfAny,
        };
    }

    private static ImmutableArray<string> Problems(NightOutcome outcome, ImmutableArray<StageRecord> stages)
        => stages.SelectMany(stage => stage.Problems).ToImmutableArray() is { IsEmpty: false } told ? told
            : outcome is NightOutcome.Failed ? ["it failed outside of any stage: the run's error output says why"] : [];

    private static NightStage Stage(StageRecord stage) => new(stage.Name, $"{stage.Outcome}", Seconds(stage.Took), stage.Facts.From is { Length: > 0 } facts ? facts : null);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);

    private T? Try<T>(Func<T?> ask, string otherwise)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException or UnauthorizedAccessException)
        {
            // A site that is wrong was told of by the plan.
            if (otherwise.Length > 0)
            {
                Warn(otherwise + problem.Message);
            }

            return null;
        }
    }

    private void Warn(string message)
    {
        _warnings.Add(message);
        output.WriteLine($"WARNING: {message}");
    }
}
