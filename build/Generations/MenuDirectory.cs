using System.Buffers;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Puts a set of menus beside those that are published, without a reader seeing any of it in part.</summary>
internal static class MenuDirectory
{
    // What a key looks like; other directories are not ours.
    private static readonly SearchValues<char> KeyDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a set stands there as it was built.</summary>
    public static bool Stands(Places places, MenuSet menus)
    {
        var there = Target(places, menus);
        return Directory.Exists(there) && (there == menus.Directory || MenuFiles.AreSame(menus.Directory, there));
    }

    /// <summary>Puts a set to its place. One that was edited there by hand is swapped for the built one.</summary>
    public static void Place(Places places, MenuSet menus)
    {
        var target = Target(places, menus);
        var staged = Staging(places.OnDisk(Places.Menus), menus.Key);
        if (!menus.MayBeMoved || !TryMove(menus.Directory, staged))
        {
            Copy(menus.Directory, staged);
        }

        Durable.SyncTree(staged);
        if (Directory.Exists(target))
        {
            Durable.Exchange(staged, target);
            Leftovers.Delete([staged], tell: null);
        }
        else
        {
            Durable.RenameAndSync(staged, target);
        }
    }

    /// <summary>Notes that clients get a set for the last time, before another one takes its place.</summary>
    public static void NoteUse(Places places, string key)
    {
        var set = Path.Combine(places.OnDisk(Places.Menus), key);
        if (Directory.Exists(set))
        {
            Directory.SetLastWriteTimeUtc(set, DateTime.UtcNow);
        }
    }

    /// <summary>
    /// Deletes sets that no client was given for a time. One that booted when its set was replaced may still read it, and whoever
    /// goes back to an earlier generation gets its menus anew.
    /// </summary>
    /// <param name="places">Where to publish; its lock is held by the caller.</param>
    /// <param name="unused">Sets that were current in this time are kept.</param>
    /// <param name="tell">Told of what cannot be deleted.</param>
    /// <returns>Paths of what was deleted.</returns>
    public static IReadOnlyList<string> DeleteUnused(Places places, TimeSpan unused, Action<string>? tell = null)
    {
        var current = CurrentState.Read(places).Menus;
        var limit = DateTime.UtcNow - unused;
        var menus = places.OnDisk(Places.Menus);
        List<string> old = Directory.Exists(menus)
            ? [.. Directory.GetDirectories(menus).Where(set => IsKey(Path.GetFileName(set)) && Path.GetFileName(set) != current && Directory.GetLastWriteTimeUtc(set) < limit)]
            : [];
        return [.. old.Where(set => Leftovers.Retire(set, Staging(menus, Path.GetFileName(set)), tell))];
    }

    // A name of its own each time: what an earlier run left under one may be what could not be deleted.
    private static string Staging(string menus, string key) => Path.Combine(menus, $"{GenerationTree.StagingPrefix}{key}-{Guid.NewGuid():N}");

    private static bool IsKey(string name) => name.Length == 12 && !name.AsSpan().ContainsAnyExcept(KeyDigits);

    private static string Target(Places places, MenuSet menus) => Path.Combine(places.OnDisk(Places.Menus), menus.Key);

    // Not where the store is on another file system.
    private static bool TryMove(string from, string to)
    {
        const int OtherFileSystem = 18;
        try
        {
            Durable.Rename(from, to);
            return true;
        }
        catch (IOException problem) when (problem.HResult == OtherFileSystem)
        {
            return false;
        }
    }

    // Only what we wrote: files, directories and links with names of ours.
    private static void Copy(string from, string to)
    {
        using var copy = new NewTree(to);
        foreach (var file in MenuFiles.Read(from))
        {
            if (file.Target is { } target)
            {
                copy.AddLink(file.Path, target);
            }
            else if (file.IsDirectory)
            {
                copy.AddDirectory(file.Path);
            }
            else
            {
                copy.AddFile(file.Path, file.Content ?? throw new IOException($"'{from}/{ByteName.Printable(file.Path)}' is no menu"));
            }
        }
    }
}
