using System.Collections.Immutable;
using System.Net;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Nfs;

/// <summary>Asks an NFS server, whichever it is, for the root that clients mount.</summary>
internal static class NfsQuestions
{
    private const string Refused = "MNT3ERR_ACCES";
    private const long SmallFile = 1 << 20;

    private static readonly ImmutableArray<int> AnyCode = [.. Enumerable.Range(0, 256)];

    /// <summary>MOUNT and LOOKUP of the root, compared with what is on the disk; MOUNT of the images of domUs.</summary>
    /// <param name="served">What clients should get.</param>
    /// <param name="file">The file that tells the server what it exports.</param>
    /// <param name="stage">The edges of the system.</param>
    public static async Task<ImmutableArray<Diagnostic>> AskAsync(Served served, string file, StageContext stage)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        var root = Places.RootOf(served.Generation);
        var listed = await RunAsync("nfs-ls", served, root, stage).ConfigureAwait(false);
        found.AddRange(listed.ExitCode != 0 ? [NotMounted(root, listed.Last, file, served.Site)] : Different(root, listed.Output));
        if (found.Count == 0 && await ReadAsync(served, root, stage).ConfigureAwait(false) is { } unread)
        {
            found.Add(unread);
        }

        if (MayMountImages(served.Site) && await RunAsync("nfs-ls", served, Places.DomUImages, stage).ConfigureAwait(false) is { ExitCode: not 0 } images)
        {
            found.Add(NotMounted(Places.DomUImages, images.Last, file, served.Site));
        }

        return found.ToImmutable();
    }

    private static async Task<Diagnostic?> ReadAsync(Served served, string root, StageContext stage)
    {
        if (SmallFileBelow(root) is not { } small)
        {
            return new Diagnostic($"{root}/etc has no file that could be read by way of the NFS server") { Hint = $"Is the generation whole? ./build.sh --target=Check --generation={served.Generation}" };
        }

        var (exitCode, output, last) = await RunAsync("nfs-cat", served, small, stage).ConfigureAwait(false);
        return exitCode == 0 && output == await File.ReadAllTextAsync(small, stage.Cancellation).ConfigureAwait(false)
            ? null
            : new Diagnostic($"the NFS server does not give {small} as it is on the disk: {last}");
    }

    // The boot server itself may always read generations. Images are for clients only, and it is one where its subnet is served.
    private static bool MayMountImages(Site site) => site.Images is not ImagesExport.None && site.ExportTo is ExportAudience.Subnets && site.Subnets.Any(s => s.Network.Contains(site.BootServer));

    private static Diagnostic NotMounted(string path, string why, string file, Site site) => new($"the NFS server does not let clients mount {path}: {why}")
    {
        Hint = why.Contains(Refused, StringComparison.Ordinal) ? $"Does {file} export it to {string.Join(", ", site.Subnets.Select(s => s.Network))}?"
            : null,
    };

    private static IEnumerable<Diagnostic> Different(string root, string listing)
    {
        // MODE LINKS USER GROUP SIZE NAME
        var given = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)[^1]).ToHashSet(StringComparer.Ordinal);
        var there = Directory.EnumerateFileSystemEntries(root).Select(path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
        return given.SetEquals(there)
            ? []
            : [new Diagnostic($"the NFS server gives another {root} than the one on the disk: {string.Join(", ", given.Except(there).Concat(there.Except(given)).Order(StringComparer.Ordinal).Take(5))} differ")
            {
                Hint = "Was something mounted there since it was started?",
            }];
    }

    private static string? SmallFileBelow(string root)
        => Directory.Exists($"{root}/etc")
            ? new DirectoryInfo($"{root}/etc").EnumerateFiles().Where(f => f is { LinkTarget: null, Length: > 0 and < SmallFile }).MinBy(f => f.Name, StringComparer.Ordinal)?.FullName
            : null;

    private static async Task<(int ExitCode, string Output, string Last)> RunAsync(string program, Served served, string path, StageContext stage)
    {
        var last = "no answer";
        var url = $"nfs://{served.Site.BootServer}{string.Join('/', path.Split('/').Select(WebUtility.UrlEncode))}?version=3";
        var result = await stage.RunAsync(new ToolCommand("timeout", "--signal=KILL", "20", program, url) { SuccessCodes = AnyCode, OutputIsSecret = true }, line => last = line.Trim()).ConfigureAwait(false);
        return (result.ExitCode, result.Output, last);
    }
}
