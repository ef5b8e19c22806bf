using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Edits.Layers;

/// <summary>
/// The layers of a recipe, <c>/var/lib/dom0image/edits/RECIPE/NAME</c> below the prefix, for root alone. A name stands for a whole layer:
/// it is renamed into place when all of it is on the disk.
/// </summary>
/// <param name="places">Where things are published.</param>
/// <param name="recipe">The recipe's name.</param>
internal sealed class LayerStore(Places places, string recipe)
{
    private const string StagingPrefix = ".staging-";
    private const string DroppedPrefix = ".dropped-";

    /// <summary>Where they lie.</summary>
    public string Home { get; } = HomeOf(places, recipe);

    /// <summary>Where those of a recipe lie.</summary>
    public static string HomeOf(Places places, string recipe) => Path.Combine(places.OnDisk(Places.State), "edits", recipe);

    /// <summary>The recipe's name.</summary>
    public string Recipe { get; } = recipe;

    /// <summary>All layers, in the order in which they apply. What is staged or dropped is none.</summary>
    /// <exception cref="BuildFailedException">One is damaged.</exception>
    public ImmutableArray<KeptLayer> List() => KeptLayers.Read(Home);

    /// <summary>One of them.</summary>
    /// <exception cref="BuildFailedException">There is none of this name.</exception>
    public KeptLayer Find(string name)
    {
        string[] there = [.. Names()];
        return there.Contains(name) ? KeptLayer.Read(Path.Combine(Home, name)) : throw new BuildFailedException(new Diagnostic($"recipe {Recipe} has no layer '{name}'")
        {
            Expected = there.Length > 0 ? $"one of {string.Join(", ", there)}" : null,
            Hint = there.Length > 0 ? Nearest.Hint(name, there) : "It has none at all.",
        });
    }

    /// <summary>The name that the next layer gets: it applies last.</summary>
    public string NextName()
        => (Names().Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max() + 1).ToString("0000", CultureInfo.InvariantCulture);

    /// <summary>Keeps other sessions away; a kernel lock, which ends with this process however it ends.</summary>
    /// <exception cref="BuildFailedException">Another one is open; names its process.</exception>
    public async Task<BuildLock> LockAsync(IStageProgress progress, CancellationToken cancellation)
    {
        MakePrivate();
        var held = await BuildLock.AcquireAsync([Path.Combine(Home, ".lock")], wait: false, progress, cancellation, holder => new Diagnostic($"recipe {Recipe} is being edited: {holder}")
        {
            Hint = "Wait until that edit is kept or dropped.",
        }).ConfigureAwait(false);
        Leftovers.Delete(Leftovers.In(Home).Where(path => Path.GetFileName(path) is var name && (name.StartsWith(StagingPrefix, StringComparison.Ordinal) || name.StartsWith(DroppedPrefix, StringComparison.Ordinal))), progress.Warn);
        return held;
    }

    /// <summary>Keeps a layer. When this returns it is on the disk; killed before, there is none. Only while locked.</summary>
    /// <param name="layer">What it says; its name is free.</param>
    /// <param name="fill">Puts its contents and its log into the directory that it is given, which has a <c>contents</c>.</param>
    public KeptLayer Keep(Layer layer, Action<string> fill)
    {
        MakePrivate();
        var staged = Path.Combine(Home, StagingPrefix + layer.Name);
        SafeDelete.Tree(staged);
        FileChange.MakeDirectory(staged, (int)PrivateModes.Directory);
        FileChange.MakeDirectory(Path.Combine(staged, KeptLayer.Contents), (int)PrivateModes.Directory);
        fill(staged);
        FileChange.MakeFile(Path.Combine(staged, KeptLayer.FileName), KeptLayer.Write(layer), (int)PrivateModes.File);
        Durable.SyncTree(staged);
        var kept = Path.Combine(Home, layer.Name);
        Durable.RenameAndSync(staged, kept);
        return new KeptLayer(layer, kept);
    }

    /// <summary>Drops a layer: out of sight in one step, then deleted. Only while locked.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tell">Told of what cannot be deleted.</param>
    /// <exception cref="BuildFailedException">There is none of this name.</exception>
    public void Drop(string name, Action<string> tell) => Retire(Find(name).Directory, tell);

    /// <summary>Drops something else that lies here, such as a session.</summary>
    internal void Retire(string path, Action<string> tell)
    {
        if (FileNode.Find(path) is not null)
        {
            Leftovers.Retire(path, Path.Combine(Home, $"{DroppedPrefix}{Guid.NewGuid():N}"), tell);
            Durable.SyncDirectory(Home);
        }
    }

    private IEnumerable<string> Names() => KeptLayers.In(Home).Select(path => Path.GetFileName(path));

    // What is edited may be secret, and names what is.
    private void MakePrivate()
    {
        Directory.CreateDirectory(places.OnDisk(Places.State));
        foreach (var directory in new[] { Path.GetDirectoryName(Home)!, Home }.Where(directory => FileNode.Find(directory) is null))
        {
            FileChange.MakeDirectory(directory, (int)PrivateModes.Directory);
            Durable.SyncDirectory(Path.GetDirectoryName(directory)!);
        }
    }
}
