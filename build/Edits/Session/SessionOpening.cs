using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Edits.Session;

/// <summary>Decides what an edit begins with: a new session, or the one that did not come to its end. Only while the recipe's layers are locked.</summary>
/// <param name="store">The recipe's layers.</param>
internal sealed class SessionOpening(LayerStore store)
{
    // sudo(8) and su(1) say who it is that became root.
    private static readonly string[] Names = ["SUDO_USER", "USER", "LOGNAME"];

    private readonly SessionFolder _folder = FolderOf(store);

    /// <summary>Where a recipe's session lies.</summary>
    public static SessionFolder FolderOf(LayerStore store) => new(Path.Combine(store.Home, ".session"));

    /// <summary>What the session that did not come to its end is; null where there is none.</summary>
    public SessionFacts? Unfinished => _folder.Exists ? _folder.Facts() : null;

    /// <summary>Ends a session whose layer stands already: it was killed on its last step. One that never began is deleted, too.</summary>
    public void Settle(IStageProgress progress)
    {
        if (!_folder.Exists || (_folder.Facts().Keeping is { } name && File.Exists(Path.Combine(store.Home, name, KeptLayer.FileName))))
        {
            store.Retire(_folder.Path, progress.Warn);
        }
    }

    /// <summary>Begins a new one.</summary>
    /// <param name="generation">Id of the generation below it.</param>
    /// <exception cref="BuildFailedException">There is one that did not come to its end.</exception>
    public void Begin(string generation)
    {
        if (Unfinished is { } facts)
        {
            throw new BuildFailedException(new Diagnostic($"an edit of {facts.Base} that {facts.Who} began on {facts.Started:yyyy-MM-dd HH:mm} did not come to its end")
            {
                Hint = "--target=Edit --resume goes on with it, --target=Edit --drop drops it.",
            });
        }

        FileChange.MakeDirectory(_folder.Path, (int)PrivateModes.Directory);
        _folder.Write(new SessionFacts(generation, Who(), DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds())));
        Durable.SyncDirectory(store.Home);
    }

    /// <summary>The one to go on with.</summary>
    /// <exception cref="BuildFailedException">There is none.</exception>
    public SessionFacts Resume() => Unfinished ?? throw new BuildFailedException(new Diagnostic($"no edit of recipe {store.Recipe} is unfinished") { Hint = "--target=Edit begins one." });

    private static string Who() => Names.Select(Environment.GetEnvironmentVariable).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? Environment.UserName;
}
