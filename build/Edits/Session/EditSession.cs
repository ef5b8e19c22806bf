using Dom0Image.Diagnostics;
using Dom0Image.Edits.Capture;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Session;

/// <summary>An edit of a generation, from its start or its resumption until it is kept or dropped. The recipe's layers are locked meanwhile.</summary>
/// <param name="store">Where it becomes a layer.</param>
/// <param name="generation">The generation below it.</param>
/// <param name="recipe">The recipe that the generation was made from.</param>
/// <param name="archives">What apt finds in it.</param>
/// <param name="context">Tools, progress, cancellation.</param>
internal sealed class EditSession(LayerStore store, GenerationTree generation, Recipe recipe, SessionArchives archives, StageContext context)
{
    private readonly SessionFolder _folder = SessionOpening.FolderOf(store);
    private SessionCommand? _command;

    /// <summary>The generation below it.</summary>
    public GenerationTree Generation { get; } = generation;

    /// <summary>Whether the directory that the user came from can be read in it.</summary>
    public bool ShowsHere => _command?.Here.Length > 0;

    /// <summary>Makes all that a shell in it needs.</summary>
    public async Task PrepareAsync()
    {
        context.Progress.Report("reading the archives");
        _folder.Make(Generation.Root);
        await archives.PrepareAsync(_folder).ConfigureAwait(false);
        var seed = new SessionSeed(_folder.Seed, Generation.Root);
        seed.Make(await archives.SettingsAsync().ConfigureAwait(false), archives.OnDisk);
        _command = new SessionCommand(_folder, Generation.Root, seed.Temporary, archives.OnDisk);
    }

    /// <summary>Runs a line of the user's in the image's shell.</summary>
    /// <param name="line">The line.</param>
    /// <param name="onLine">Told each line of what it says.</param>
    /// <exception cref="BuildFailedException">It failed; the session can be resumed.</exception>
    public async Task RunLineAsync(string line, Action<string> onLine)
    {
        _folder.Note(line);
        File.Delete(_folder.Started);
        try
        {
            await context.RunAsync(_command!.Line(line), onLine).ConfigureAwait(false);
        }
        catch (ToolFailedException failure) when (File.Exists(_folder.Started))
        {
            throw new BuildFailedException(
                new Diagnostic($"the command ended with exit code {failure.ExitCode}, and nothing is kept; its last lines:\n  {string.Join("\n  ", failure.LastLines)}\n")
                {
                    Hint = "--target=Edit --resume goes on with this edit, --target=Edit --drop drops it.",
                },
                failure);
        }
    }

    /// <summary>A shell at the terminal; its exit code says nothing.</summary>
    /// <exception cref="BuildFailedException">It was not started.</exception>
    public async Task<int> RunShellAsync()
    {
        File.Delete(_folder.Started);
        var exitCode = await context.Tools.RunOnTerminalAsync(_command!.Shell(), context.Cancellation).ConfigureAwait(false);
        return File.Exists(_folder.Started) ? exitCode : throw new BuildFailedException(new Diagnostic("the shell could not be started: its words are above") { Hint = SessionCommand.Hint });
    }

    /// <summary>Tells what was changed.</summary>
    /// <param name="keepSecrets">Whether what a shell leaves is kept, too.</param>
    public async Task<CapturedEdit> CaptureAsync(bool keepSecrets)
    {
        context.Progress.Report("looking at what changed");
        var capture = new LayerCapture(_folder.Upper, Generation.Root, ManifestFile.Read(Generation.ManifestFile), recipe, ScriptTimes.Read(_folder.Times));
        return await new PackageSources(archives, _folder, context).CompleteAsync(capture, keepSecrets).ConfigureAwait(false);
    }

    /// <summary>Keeps what was changed as a layer. When this returns it is on the disk.</summary>
    /// <param name="edit">What was changed.</param>
    /// <param name="why">Why it is kept.</param>
    /// <exception cref="BuildFailedException">A package's file is nowhere.</exception>
    public async Task<KeptLayer> KeepAsync(CapturedEdit edit, string why)
    {
        if (!edit.Lost.IsEmpty)
        {
            throw new BuildFailedException(edit.Lost.Select(package => new Diagnostic($"{package} is in no archive, and its .deb is nowhere in this edit") { Hint = "--target=Edit --resume: put the file into /root there" }));
        }

        var facts = _folder.Facts();
        var layer = new Layer(store.NextName(), store.Recipe, Generation.Id, why, facts.Who, Now()) { Packages = edit.Packages, Settings = edit.Settings, Paths = edit.Paths };
        // A kill between the layer's place and the session's end must not make two of it.
        _folder.Write(facts with { Keeping = layer.Name });
        var kept = store.Keep(layer, staged =>
        {
            foreach (var sum in layer.ContentSums)
            {
                LayerContents.Put(staged, sum, edit.Contents[sum]);
            }

            FileChange.MakeFile(Path.Combine(staged, KeptLayer.Log), _folder.Log(), (int)PrivateModes.File);
        });
        await KeepFetchedAsync().ConfigureAwait(false);
        Drop();
        return kept;
    }

    // The layer stands: what is only for speed must not make a failure of it.
    private async Task KeepFetchedAsync()
    {
        try
        {
            await archives.KeepFetchedAsync(_folder).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or BuildFailedException)
        {
            context.Progress.Warn($"the packages that were fetched are fetched again: {problem.Message}");
        }
    }

    /// <summary>Drops all that was changed.</summary>
    public void Drop() => store.Retire(_folder.Path, context.Progress.Warn);

    // Whole seconds are enough for people, and the same in each reader.
    private static DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
}
