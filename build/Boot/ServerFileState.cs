using System.Collections.Immutable;
using System.Text;
using Dom0Image.Generations;

namespace Dom0Image.Boot;

/// <summary>A server's file that does not hold what the site gives it.</summary>
/// <param name="Place">Where the server reads it, without the prefix.</param>
/// <param name="Kept">Whether a person wrote or changed it, so that it is kept; else the next run writes it.</param>
internal sealed record ServerFileState(string Place, bool Kept)
{
    /// <summary>Where ours waits for the administrator.</summary>
    public string Beside => BesideOf(Place);

    /// <summary>How to see what is different, and how to take ours.</summary>
    public string Cure => $"ours is {Beside}. To compare: diff -u {Place} {Beside}. To take ours: mv {Beside} {Place}";

    /// <summary>Where our text stands beside a file that is kept.</summary>
    public static string BesideOf(string place) => $"{place}.dom0image";

    /// <summary>The files that are not as the set has them.</summary>
    public static ImmutableArray<ServerFileState> Find(BootFileSet set, Places places, PackagedFiles? packaged = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(places);
        return [.. set.ServerFiles
            .Where(f => !Holds(places.OnDisk(f.Key), f.Value.Content))
            .Select(f => new ServerFileState(f.Key, IsKept(f.Key, places.OnDisk(f.Key), packaged ?? new PackagedFiles())))];
    }

    /// <summary>Whether the file at a path is somebody else's than a package's and ours.</summary>
    internal static bool IsKept(string place, string path, PackagedFiles packaged)
    {
        if (new FileInfo(path) is { LinkTarget: not null } || Directory.Exists(path))
        {
            return true;
        }

        return File.Exists(path) && File.ReadAllBytes(path) is var bytes && !OwnershipMark.IsOurs(Encoding.UTF8.GetString(bytes)) && !packaged.IsUntouched(place, bytes);
    }

    /// <summary>Whether a file stands at a path and holds just this.</summary>
    internal static bool Holds(string path, string content)
        => new FileInfo(path) is { Exists: true, LinkTarget: null } && File.ReadAllText(path) == content;
}
