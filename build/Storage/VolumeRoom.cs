using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>Room on the host's disk for image files.</summary>
internal static class VolumeRoom
{
    // A host whose disk is full to the last byte cannot even log in.
    private const long KeptFree = 256L << 20;

    /// <summary>Whether image files that take their room at once fit; checked before the first is made.</summary>
    /// <param name="wanted">Bytes that each needs.</param>
    /// <param name="directory">Where they are.</param>
    public static IEnumerable<Diagnostic> Check(ImmutableArray<(ExportVolume Volume, long Bytes)> wanted, string directory)
    {
        var needed = wanted.Sum(w => w.Bytes);
        var free = FileSystemSpace.Of(directory).Free;
        if (needed == 0 || needed + KeptFree <= free)
        {
            yield break;
        }

        var host = ExportBorder.NameOf(MountInfo.Read().Holding(directory));
        var parts = string.Join(" and ", wanted.Select(w => $"{HumanText.Size(w.Bytes)} for {w.Volume.Name}"));
        yield return new Diagnostic($"there is no room for image files in '{directory}': {parts} are needed, and {HumanText.Size(free)} are free on {host}, of which {HumanText.Size(KeptFree)} stay free")
        {
            Where = wanted.MaxBy(w => w.Bytes).Volume.Settings.Where,
            Hint = "Under 'storage' in the site say less ('size: 4G'), let the files grow as they are written ('sparse: true'), or name a device ('device: /dev/...')",
        };
    }

    /// <summary>What to tell while there is still time, of sparse images that may outgrow their disk.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<VolumeState> states)
    {
        var sparse = states.Where(s => s.Volume.Settings is ImageFileVolume { Sparse: true } && s.Image is not null).ToArray();
        if (sparse.Length == 0)
        {
            yield break;
        }

        var directory = Path.GetDirectoryName(sparse[0].Image!.Value.Path)!;
        var mayGrow = sparse.Sum(s => s.MayGrow);
        var free = FileSystemSpace.Of(directory).Free;
        if (mayGrow > free)
        {
            yield return $"the sparse image files of {string.Join(" and ", sparse.Select(s => s.Volume.Name))} may still grow by {HumanText.Size(mayGrow)}, and their disk "
                + $"({ExportBorder.NameOf(MountInfo.Read().Holding(directory))}) has {HumanText.Size(free)} left: when it is full, their file systems shut down under all clients. Free some space there";
        }
    }
}
