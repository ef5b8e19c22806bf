using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Capture;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Session;
using Dom0Image.Generations;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>An edit from its start to the layer that it becomes, as the user at the terminal or a script wants it.</summary>
/// <param name="context">This run.</param>
internal sealed class EditRun(BuildContext context)
{
    private readonly LayerStore _store = new(context.Places, context.Options.Recipe);
    private readonly EditCommand _command = EditCommand.Of(context.Options);

    /// <summary>Runs it.</summary>
    /// <exception cref="BuildFailedException">There is nothing to edit, another edit is open, or the command failed.</exception>
    public async Task RunAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new BuildFailedException(new Diagnostic("an edit needs root: an image's files have many owners, and its shell runs in namespaces of its own") { Hint = "Run it with sudo." });
        }

        if (_command is { DecidesOnly: true, Drop: true })
        {
            await context.RunStageAsync("edit", DropAsync, what => new StageFacts { From = what }).ConfigureAwait(false);
            return;
        }

        var session = await context.RunStageAsync("edit", OpenAsync, session => new StageFacts { ChecksOnly = true, From = $"over {session.Generation.Id}" }).ConfigureAwait(false);
        var edit = _command.Line is not null || _command.DecidesOnly ? await CaptureAsync(session).ConfigureAwait(false) : null;
        var (decision, why) = await DecideAsync(session, edit).ConfigureAwait(false);
        await context.RunStageAsync("layer", _ => EndAsync(session, decision, why), what => new StageFacts { From = what }).ConfigureAwait(false);
    }

    private CapturedEdit? _edit;

    private async Task<EditSession> OpenAsync(StageContext stage)
    {
        var plan = await BuildPlan.ReadAsync(context.Repository, context.Options, stage).ConfigureAwait(false);
        var opening = await LockAsync(stage).ConfigureAwait(false);
        var goesOn = _command.Resume || _command.DecidesOnly;
        var boot = goesOn ? PublishedGeneration.Named(context.Places, opening.Resume().Base)
            : context.Options.Generation is { } id ? PublishedGeneration.Named(context.Places, id)
            : PublishedGeneration.Current(context.Places) ?? throw new BuildFailedException(new Diagnostic("no generation is published yet, and there is nothing to edit") { Hint = $"./build.sh --recipe={_store.Recipe} builds and publishes one." });
        var generation = GenerationTree.Finished(context.Places, boot.GenerationId);
        var recipe = GenerationRecipe.Of(generation, plan.Recipe);
        if (!goesOn)
        {
            opening.Begin(generation.Id);
        }

        var inside = GenerationInfo.Read(generation).Layers?.Select(layer => layer.Name).ToHashSet() ?? [];
        foreach (var kept in _store.List().Where(kept => !inside.Contains(kept.Layer.Name)))
        {
            stage.Progress.Note($"not in {generation.Id}, since it was kept after that was made: {EditText.Line(kept.Layer)}");
        }

        var session = new EditSession(_store, generation, recipe, new SessionArchives(recipe, plan.Sources, stage), stage);
        if (!_command.DecidesOnly)
        {
            await session.PrepareAsync().ConfigureAwait(false);
        }

        if (_command.Line is { } line)
        {
            await session.RunLineAsync(line, stage.Progress.Note).ConfigureAwait(false);
        }

        return session;
    }

    private async Task<SessionOpening> LockAsync(StageContext stage)
    {
        context.HandOver.Hold(await _store.LockAsync(stage.Progress, stage.Cancellation).ConfigureAwait(false));
        var opening = new SessionOpening(_store);
        opening.Settle(stage.Progress);
        return opening;
    }

    private async Task<string> DropAsync(StageContext stage)
    {
        var facts = (await LockAsync(stage).ConfigureAwait(false)).Resume();
        _store.Retire(SessionOpening.FolderOf(_store).Path, stage.Progress.Warn);
        return $"the one of {facts.Base} is dropped";
    }

    private Task<CapturedEdit> CaptureAsync(EditSession session) => context.RunStageAsync("changes", async stage =>
    {
        _edit = await session.CaptureAsync(context.Options.KeepSecrets).ConfigureAwait(false);
        foreach (var line in _command.Why is null && !_command.Drop ? [] : EditText.Of(_edit).Split('\n'))
        {
            stage.Progress.Note(line);
        }

        return _edit;
    }, edit => new StageFacts { ChecksOnly = true, From = $"{edit.Packages.Added.Length + edit.Packages.Removed.Length + edit.Packages.Changed.Length} packages, {edit.Paths.Length} paths" });

    private async Task<(EditDecision Decision, string Why)> DecideAsync(EditSession session, CapturedEdit? edit)
    {
        if (_command.Drop)
        {
            return (EditDecision.Drop, "");
        }

        if (_command.Why is { } why && edit is not null)
        {
            return (edit.IsEmpty ? EditDecision.Drop : EditDecision.Keep, why);
        }

        while (true)
        {
            if (edit is null)
            {
                Console.WriteLine(EditText.Banner(session.Generation.Id, session.ShowsHere));
                await context.AtTerminalAsync(session.RunShellAsync).ConfigureAwait(false);
                edit = await CaptureAsync(session).ConfigureAwait(false);
            }

            var shown = edit;
            var answer = await context.AtTerminalAsync(() => EditDialog.AskAsync(shown, context.Cancellation)).ConfigureAwait(false);
            if (answer.Decision is not EditDecision.Back)
            {
                return _command.Why is { } given && answer.Decision is EditDecision.Keep ? (answer.Decision, given) : answer;
            }

            edit = null;
        }
    }

    private async Task<string> EndAsync(EditSession session, EditDecision decision, string why)
    {
        switch (decision)
        {
            case EditDecision.Keep:
                var kept = await session.KeepAsync(_edit!, why).ConfigureAwait(false);
                context.Report.NextStep = $"./build.sh --target=Republish --recipe={_store.Recipe}: hosts get it at their next boot after that. The next build takes it along, too.";
                return $"kept as {kept.Layer.Name}";
            case EditDecision.Drop:
                session.Drop();
                return _edit is { IsEmpty: true } ? "nothing was changed that can be kept" : "dropped";
            default:
                context.Report.NextStep = "./build.sh --target=Edit --resume goes on with it.";
                return "left as it is";
        }
    }
}
