using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Deletes generations, so that nobody ever sees half of one.</summary>
/// <remarks>
/// The image part is renamed first: an id in <see cref="Places.Generations"/> is what says that a generation is whole, so that it is gone
/// for all with that one step. Its new name says which TFTP part belongs to it and goes last, so that the next run finishes what a kill
/// left. The TFTP part first would leave, after a kill, an id that stands and whose kernel is missing; and no sign in the area where it
/// is missing tells it from one that a build is putting in place.
/// </remarks>
/// <param name="places">Where; its lock is held by the caller.</param>
/// <param name="tell">Told of what cannot be deleted.</param>
internal sealed class GenerationRemoval(Places places, Action<string>? tell)
{
    /// <summary>Deletes one. What something is mounted in is left alone as a whole.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool Remove(string id)
    {
        var (tree, doomed) = (GenerationTree.Finished(places, id), GenerationTree.Doomed(places, id));
        try
        {
            SafeDelete.RefuseMounts(tree.ImageDirectory);
            if (Directory.Exists(tree.TftpDirectory))
            {
                SafeDelete.RefuseMounts(tree.TftpDirectory);
            }

            InodeFlags.Clear(tree.ImageDirectory);
            Durable.RenameAndSync(tree.ImageDirectory, doomed);
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException)
        {
            tell?.Invoke($"generation {id} is left alone: {problem.Message}");
            return false;
        }

        Finish(id, doomed);
        return true;
    }

    /// <summary>Deletes the rest of those that a run began to delete.</summary>
    /// <returns>Paths of what was deleted.</returns>
    public IReadOnlyList<string> GoOn()
        => [.. Leftovers.In(places.OnDisk(Places.Generations))
            .Where(path => Path.GetFileName(path).StartsWith(GenerationTree.DoomedPrefix, StringComparison.Ordinal))
            .Where(path => Finish(Path.GetFileName(path)[GenerationTree.DoomedPrefix.Length..], path))];

    private bool Finish(string id, string doomed)
    {
        var tree = GenerationTree.Finished(places, id);
        if (FileNode.Find(tree.TftpDirectory) is not null)
        {
            if (!Leftovers.Retire(tree.TftpDirectory, Path.Combine(places.OnDisk(Places.TftpGenerations), $"{GenerationTree.StagingPrefix}{id}-{Guid.NewGuid():N}"), tell))
            {
                return false;
            }

            Durable.SyncDirectory(places.OnDisk(Places.TftpGenerations));
        }

        return Leftovers.Delete([doomed], tell).Count > 0;
    }
}
