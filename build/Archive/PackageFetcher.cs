using System.Globalization;
using System.Security.Cryptography;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>
/// Finds and downloads single packages of a suite, with apt: the suite's signature is verified against its keyring, and
/// the file against the digest that the signed index gives. Files are kept in the store's package cache.
/// </summary>
/// <param name="sources">Suites to look in; where several have the package, the highest version wins.</param>
/// <param name="architecture">Debian architecture, such as <c>amd64</c>.</param>
/// <param name="context">Store, tools, progress, cancellation.</param>
/// <param name="state">
/// What the suites hold now, when that was asked already: package lists that fit it are not fetched again, so that nothing is
/// asked of a mirror that has nothing new, or cannot be reached.
/// </param>
internal sealed class PackageFetcher(IReadOnlyList<ArchiveSource> sources, string architecture, StageContext context, ArchiveState? state = null)
{
    private readonly AptLists _lists = new(sources, architecture, context, state);

    /// <summary>What the archive offers now under <paramref name="package"/>'s name.</summary>
    /// <exception cref="BuildFailedException">The archive cannot be reached or trusted, or has no such package.</exception>
    public async Task<PackageEntry> FindAsync(string package)
    {
        if (_lists.Noted(Question(package)) is { } noted && Parse(noted.Split('\n'), package) is { } known)
        {
            return Used(known);
        }

        var shown = await context.RunAsync(
            await _lists.CommandAsync("apt-cache", "show", "--no-all-versions", "--", package).ConfigureAwait(false) with { SuccessCodes = [0, 100] }).ConfigureAwait(false);
        if (shown.ExitCode != 0 || Parse(shown.Lines, package) is not { } entry)
        {
            throw await UnknownAsync(package).ConfigureAwait(false);
        }

        _lists.Note(Question(package), shown.Output);
        return Used(entry);
    }

    /// <summary>The package's file: from the cache when its digest is right there, else downloaded.</summary>
    /// <param name="entry">The package.</param>
    /// <param name="progress">Of the stage that waits for it: several share this.</param>
    /// <exception cref="BuildFailedException">It cannot be fetched, or is not what the signed index says.</exception>
    public async Task<DebFile> DownloadAsync(PackageEntry entry, IStageProgress progress)
    {
        var name = DebFileName.Of(entry.Name, entry.Version, entry.Architecture);
        var kept = new DebFile(entry, Path.Combine(HomeOf(entry), name));
        if (await IsWholeAsync(kept.Path, entry).ConfigureAwait(false))
        {
            return kept;
        }

        var work = Path.Combine(context.Store.Work, $"download-{entry.Sha256[..12]}-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            await FetchAsync(entry, work, progress).ConfigureAwait(false);
            var fetched = Directory.GetFiles(work, "*.deb").SingleOrDefault();
            if (fetched is null || !await IsWholeAsync(fetched, entry).ConfigureAwait(false))
            {
                throw new BuildFailedException(new Diagnostic($"the file of package '{entry.Name}' is not the one in the signed index")
                {
                    Expected = $"sha256 {entry.Sha256}, {entry.Size} bytes",
                    Hint = "The mirror may be in the middle of an update; try again, or name another mirror.",
                });
            }

            Directory.CreateDirectory(Path.GetDirectoryName(kept.Path)!);
            File.Move(fetched, kept.Path, overwrite: true);
            return kept;
        }
        finally
        {
            SafeDelete.Tree(work);
        }
    }

    private string HomeOf(PackageEntry entry) => Path.Combine(context.Store.PackageFiles, entry.Sha256[..2], entry.Sha256);

    // Also when the file is not asked for, because what is made of it is in the store: it may be the next time.
    private PackageEntry Used(PackageEntry entry)
    {
        StoreUse.Note(_lists.Home);
        StoreUse.Note(HomeOf(entry));
        return entry;
    }

    private static StageKey Question(string package) => StageKey.For("package", 1).Add("name", package).Build();

    private async Task FetchAsync(PackageEntry entry, string directory, IStageProgress progress)
    {
        var activity = $"downloading {entry.Name} {entry.Version} ({entry.Size / 1e6:F0} MB)";
        progress.Report(activity, 0);
        var download = await _lists.CommandAsync("apt-get", "-o", "APT::Status-Fd=1", "download", "--", $"{entry.Name}={entry.Version}").ConfigureAwait(false);
        var command = download with
        {
            WorkingDirectory = directory,
            Hint = "The mirror may be in the middle of an update, or out of reach; try again, or name another mirror.",
        };
        await context.RunAsync(command, line =>
        {
            // dlstatus:1:45.2:Retrieving file 1 of 1
            if (line.Split(':') is ["dlstatus", _, var percent, ..]
                && double.TryParse(percent, NumberStyles.Float, CultureInfo.InvariantCulture, out var done))
            {
                progress.Report(activity, done / 100);
            }
        }).ConfigureAwait(false);
    }

    private async Task<BuildFailedException> UnknownAsync(string package)
    {
        var names = await _lists.AskAsync("apt-cache", "pkgnames").ConfigureAwait(false);
        var suites = string.Join(", ", sources.Select(source => $"'{source.Suite}'"));
        return new BuildFailedException(new Diagnostic($"no package '{package}' for {architecture} in {suites}")
        {
            Hint = Nearest.Hint(package, names.Lines),
        });
    }

    private async Task<bool> IsWholeAsync(string file, PackageEntry entry)
    {
        if (!File.Exists(file) || new FileInfo(file).Length != entry.Size)
        {
            return false;
        }

        var stream = File.OpenRead(file);
        await using (stream.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, context.Cancellation).ConfigureAwait(false)) == entry.Sha256;
        }
    }

    private static PackageEntry? Parse(IReadOnlyList<string> lines, string package)
    {
        string? Field(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..];

        return Field("Package") == package && Field("Version") is { } version && Field("Architecture") is { } architecture
            && Field("SHA256") is { } sha256 && long.TryParse(Field("Size"), CultureInfo.InvariantCulture, out var size)
            ? new PackageEntry(package, version, architecture, sha256, size)
            : null;
    }
}
