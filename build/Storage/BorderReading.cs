using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>What the border's check looks at, read from a running system.</summary>
/// <param name="Mounts">What is mounted.</param>
/// <param name="Facts">By place.</param>
internal sealed record BorderReading(MountInfo Mounts, ImmutableSortedDictionary<string, BorderFacts> Facts)
{
    /// <summary>Reads it.</summary>
    /// <param name="places">Directories that are there, without links in them, as the process sees them.</param>
    /// <param name="context">Tools.</param>
    /// <param name="process">The process whose mounts are meant, such as a lab's server; <c>self</c> for this one.</param>
    public static async Task<BorderReading> ReadAsync(IEnumerable<string> places, StageContext context, string process = "self")
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(context);
        var mounts = MountInfo.Read(process);
        var facts = ImmutableSortedDictionary.CreateBuilder<string, BorderFacts>(StringComparer.Ordinal);
        foreach (var place in places)
        {
            var seen = $"/proc/{process}/root{place}";
            var plain = new BorderFacts(FileHandles.MountIdOf(seen), FileHandles.AreGivenIn(seen));
            facts[place] = ExportBorder.MountOf(place, mounts, plain).Type == "btrfs" ? plain with { Subvolumes = await SubvolumesAsync(seen, context).ConfigureAwait(false) } : plain;
        }

        return new BorderReading(mounts, facts.ToImmutable());
    }

    /// <summary>All that is wrong with the places.</summary>
    public ImmutableArray<Diagnostic> Check() => [.. Facts.Keys.SelectMany(place => CheckOne(place))];

    /// <summary>All that is wrong with one of them.</summary>
    public ImmutableArray<Diagnostic> CheckOne(string place) => ExportBorder.Check(place, Mounts, Facts[place]);

    /// <summary>The mount that one of them is seen through.</summary>
    public MountEntry MountOf(string place) => ExportBorder.MountOf(place, Mounts, Facts[place]);

    /// <summary>Those of the places that no NFS server can export.</summary>
    public ImmutableArray<Diagnostic> CheckHandles() => [.. Facts.SelectMany(f => ExportBorder.CheckHandles(f.Key, Mounts, f.Value))];

    private static async Task<ImmutableArray<string>?> SubvolumesAsync(string directory, StageContext context)
    {
        if (ToolPath.Find("btrfs") is not { } btrfs)
        {
            return null;
        }

        // Each line ends with 'path NAME'.
        var listed = await context.RunAsync(new ToolCommand(btrfs, "subvolume", "list", directory)).ConfigureAwait(false);
        return [.. listed.Lines.Select(line => line[(line.IndexOf(" path ", StringComparison.Ordinal) + " path ".Length)..])];
    }
}
