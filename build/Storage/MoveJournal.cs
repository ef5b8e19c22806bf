using System.Collections.Immutable;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>How far the move of a volume's tree is.</summary>
internal enum MoveStep
{
    /// <summary>It was not begun, or is over.</summary>
    None,

    /// <summary>The new file system was empty when it began, and holds part of a copy, or all of it; the old tree is what counts.</summary>
    Copying,

    /// <summary>The copy was compared, the old tree stands aside, and the new one counts.</summary>
    Copied,
}

/// <summary>Remembers how far the move of a volume's tree is, through kills and power cuts.</summary>
/// <param name="volume">The volume.</param>
/// <param name="places">Where it is.</param>
internal sealed class MoveJournal(ExportVolume volume, StoragePlaces places)
{
    private string File => $"{places.OnDisk(ExportVolume.ImageFiles)}/{volume.Name}.moving";

    /// <summary>Where the old tree stands when the new one takes its place.</summary>
    public string OldTree => $"{places.MountPointOf(volume)}.dom0image-old";

    /// <summary>Reads it. That the old tree stands aside says that it was copied, whether or not that was noted yet.</summary>
    public MoveStep Read() => !System.IO.File.Exists(File) ? MoveStep.None
        : FileNode.Find(OldTree) is not null || System.IO.File.ReadAllText(File).Trim() == nameof(MoveStep.Copied) ? MoveStep.Copied
        : MoveStep.Copying;

    /// <summary>Notes a step.</summary>
    public void Write(MoveStep step) => Durable.ReplaceFile(File, Encoding.UTF8.GetBytes($"{step}\n"), PrivateModes.File);

    /// <summary>Notes that it is over.</summary>
    public void Delete()
    {
        FileChange.Delete(Durable.TemporaryName(File));
        FileChange.Delete(File);
        Durable.SyncDirectory(Path.GetDirectoryName(File)!);
    }

    /// <summary>Keeps everything away from a tree that is half moved.</summary>
    /// <exception cref="BuildFailedException">One is.</exception>
    public static void RefuseHalfMoved(Site site, StoragePlaces places)
    {
        ArgumentNullException.ThrowIfNull(site);
        ImmutableArray<ExportVolume> half = [.. ExportVolumes.Of(site).Where(v => new MoveJournal(v, places).Read() is not MoveStep.None)];
        if (!half.IsEmpty)
        {
            throw new BuildFailedException(half.Select(v => new Diagnostic($"'{places.MountPointOf(v)}' is half moved to a file system of its own")
            {
                Hint = $"'./build.sh --target=Storage --site={site.Name}' goes on with it",
            }));
        }
    }
}
