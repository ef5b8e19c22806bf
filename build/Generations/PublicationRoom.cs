using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Room for a new generation, asked for before its first file is written; what could go where there is none.</summary>
internal static class PublicationRoom
{
    /// <summary>Checks that a generation fits.</summary>
    /// <param name="places">Where it is to stand.</param>
    /// <param name="recipe">Name of its recipe; it has no id yet.</param>
    /// <param name="size">What it takes.</param>
    /// <exception cref="BuildFailedException">It does not fit.</exception>
    public static void Check(Places places, string recipe, GenerationSize size)
    {
        var (image, tftp) = (Existing(places.OnDisk(Places.Generations)), Existing(places.OnDisk(Places.TftpGenerations)));
        (string Directory, long Bytes)[] wanted = FileNode.Get(image).FileSystem == FileNode.Get(tftp).FileSystem
            ? [(image, size.Image + size.Tftp)]
            : [(image, size.Image), (tftp, size.Tftp)];
        Diagnostic[] lacking = [.. wanted.Where(part => FileSystemSpace.Of(part.Directory).Free < part.Bytes).Select(part => Lacking(places, recipe, part.Directory, part.Bytes))];
        if (lacking.Length > 0)
        {
            throw new BuildFailedException(lacking);
        }
    }

    private static Diagnostic Lacking(Places places, string recipe, string directory, long bytes)
    {
        var mount = MountInfo.Read().Holding(directory);
        return new Diagnostic($"there is no room for another generation of {recipe}: it takes {HumanText.Size(bytes)}, and '{directory}' has {HumanText.Size(FileSystemSpace.Of(directory).Free)} free on the file system at {mount.Point}. Nothing was written")
        {
            Hint = WhatCouldGo(places) + HowToGrow(mount),
        };
    }

    // Only what Storage made.
    internal static string HowToGrow(MountEntry mount)
        => mount.Point == Places.Generations && LoopDevice.Find(mount.Source) is not null ? "\nOr grow it: ./build.sh --target=Storage --grow=generations=SIZE" : "";

    private static string WhatCouldGo(Places places)
    {
        var named = NamedByMenus(places);
        var old = GenerationList.Of(places).Where(kept => !kept.Current).Reverse().ToLookup(kept => named.Contains(kept.Info.Id));
        string[] lines =
        [
            .. Listed("No menu names these; ./build.sh --target=Prune deletes those that no client may run any more:", old[false]),
            .. Listed("Only menus that were replaced name these; clients that booted by them may run:", old[true]),
        ];
        return lines.Length > 0 ? "\n" + string.Join('\n', lines) : "Every generation is in use; free some space there.";

        IEnumerable<string> Listed(string head, IEnumerable<ListedGeneration> generations)
            => generations.Select(kept => Line(kept.Info)).ToList() is { Count: > 0 } rows ? rows.Prepend(head) : [];
    }

    private static string Line(GenerationInfo info) => $"  {info.Id}   ({HumanText.Size(info.Bytes)}, made on {info.Created:yyyy-MM-dd})";

    private static HashSet<string> NamedByMenus(Places places)
    {
        var menus = places.OnDisk(Places.Menus);
        return Directory.Exists(menus) ? [.. Directory.GetDirectories(menus).Select(MenuReading.GenerationIn).OfType<string>()] : [];
    }

    // Nothing may have been published yet.
    private static string Existing(string directory)
    {
        while (!Directory.Exists(directory))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        return directory;
    }
}

/// <summary>What a generation takes on disk, in bytes.</summary>
/// <param name="Image">Its root and what is kept beside it.</param>
/// <param name="Tftp">Its kernels and hypervisor.</param>
internal sealed record GenerationSize(long Image, long Tftp);
