using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Edits.Session;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Shows, drops and carries what was kept of edits.</summary>
/// <param name="context">This run.</param>
internal sealed class EditsRun(BuildContext context)
{
    private readonly LayerStore _store = new(context.Places, context.Options.Recipe);

    /// <summary>Does what the options say, and lists what there is after that.</summary>
    /// <returns>What was done, in a few words; empty for nothing.</returns>
    public async Task<string> RunAsync(StageContext stage)
    {
        var options = context.Options;
        if (options.Show is { } shown)
        {
            Tell(stage, EditText.Of(_store.Find(shown).Layer));
            return "";
        }

        var done = options switch
        {
            { Drop: { Length: > 0 } name } => await LockedAsync(stage, () => Drop(name, stage)).ConfigureAwait(false),
            { Drop: not null } => throw new Diagnostics.BuildFailedException(new Diagnostics.Diagnostic("--drop names no layer") { Expected = "--drop=NAME; --target=Edits lists the names" }),
            { Import: { } directory } => await LockedAsync(stage, () => $"taken in: {Names(new LayerCarrier(_store).Import(directory))}").ConfigureAwait(false),
            { Answer: not null } or { Merged: not null } => await LockedAsync(stage, () => Serve(stage)).ConfigureAwait(false),
            { Export: { } directory } => $"written: {Names(new LayerCarrier(_store).Export(directory))}",
            _ => "",
        };
        foreach (var kept in _store.List())
        {
            stage.Progress.Note(EditText.Line(kept.Layer));
        }

        if (done.Length == 0)
        {
            stage.Progress.Note(Serve(stage));
        }

        if (new SessionOpening(_store).Unfinished is { } facts)
        {
            stage.Progress.Note($"open, or not come to its end: an edit of {facts.Base} that {facts.Who} began on {facts.Started:yyyy-MM-dd HH:mm}");
        }

        return done;
    }

    private async Task<string> LockedAsync(StageContext stage, Func<string> work)
    {
        using var held = await _store.LockAsync(stage.Progress, stage.Cancellation).ConfigureAwait(false);
        new SessionOpening(_store).Settle(stage.Progress);
        return work();
    }

    private string Serve(StageContext stage)
    {
        var (told, next) = new ConflictDesk(_store.Home, _store.Recipe).Serve(context.Options.Path, context.Options.Answer, context.Options.Merged, stage.Progress);
        context.Report.NextStep = next;
        return told;
    }

    private string Drop(string name, StageContext stage)
    {
        _store.Drop(name, stage.Progress.Warn);
        context.Report.NextStep = $"./build.sh --target=Republish --recipe={_store.Recipe}: hosts lose what it brought at their next boot after that.";
        return $"{name} dropped";
    }

    private static void Tell(StageContext stage, string text) => Array.ForEach(text.Split('\n'), stage.Progress.Note);

    private static string Names(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
