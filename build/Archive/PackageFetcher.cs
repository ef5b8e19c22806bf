using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Stages;

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
public sealed class PackageFetcher(IReadOnlyList<ArchiveSource> sources, string architecture, StageContext context, ArchiveState? state = null)
{
    private readonly string _directory = context.Store.AptState(KeyOf(sources, architecture));
    private const UnixFileMode ShownMode = (UnixFileMode)0b110_100_100;

    private readonly Lock _lock = new();
    private Task<string>? _configuration;

    /// <summary>What the archive offers now under <paramref name="package"/>'s name.</summary>
    /// <exception cref="BuildFailedException">The archive cannot be reached or trusted, or has no such package.</exception>
    public async Task<PackageEntry> FindAsync(string package)
    {
        if (state is not null && File.Exists(Shown(package)) && Parse(await File.ReadAllLinesAsync(Shown(package), context.Cancellation).ConfigureAwait(false), package) is { } known)
        {
            return Used(known);
        }

        var configuration = await RefreshedAsync().ConfigureAwait(false);
        var shown = await context.RunAsync(Apt(configuration, "apt-cache", "show", "--no-all-versions", "--", package) with { SuccessCodes = [0, 100] })
            .ConfigureAwait(false);
        if (shown.ExitCode != 0 || Parse(shown.Lines, package) is not { } entry)
        {
            throw await UnknownAsync(configuration, package).ConfigureAwait(false);
        }

        if (state is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Shown(package))!);
            Durable.ReplaceFile(Shown(package), Encoding.UTF8.GetBytes(shown.Output), ShownMode);
        }

        return Used(entry);
    }

    /// <summary>The package's file: from the cache when its digest is right there, else downloaded.</summary>
    /// <exception cref="BuildFailedException">It cannot be fetched, or is not what the signed index says.</exception>
    public async Task<DebFile> DownloadAsync(PackageEntry entry)
    {
        var name = $"{entry.Name}_{entry.Version.Replace(":", "%3a", StringComparison.Ordinal)}_{entry.Architecture}.deb";
        var kept = new DebFile(entry, Path.Combine(HomeOf(entry), name));
        if (await IsWholeAsync(kept.Path, entry).ConfigureAwait(false))
        {
            return kept;
        }

        var configuration = await RefreshedAsync().ConfigureAwait(false);
        var work = Path.Combine(context.Store.Work, $"download-{entry.Sha256[..12]}-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            await FetchAsync(configuration, entry, work).ConfigureAwait(false);
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

    /// <summary>Finds and downloads <paramref name="package"/>.</summary>
    public async Task<DebFile> DownloadAsync(string package)
        => await DownloadAsync(await FindAsync(package).ConfigureAwait(false)).ConfigureAwait(false);

    private static StageKey KeyOf(IReadOnlyList<ArchiveSource> sources, string architecture)
        => StageKey.For("apt", 1).Add("sources", AptState.Sources(sources)).Add("architecture", architecture).Build();

    private string HomeOf(PackageEntry entry) => Path.Combine(context.Store.PackageFiles, entry.Sha256[..2], entry.Sha256);

    // Also when the file is not asked for, because what is made of it is in the store: it may be the next time.
    private PackageEntry Used(PackageEntry entry)
    {
        StoreUse.Note(_directory);
        StoreUse.Note(HomeOf(entry));
        return entry;
    }

    // What apt said of a package, which it takes most of a second for: true as long as the suites hold the same.
    private string Shown(string package)
        => Path.Combine(_directory, "shown", StageKey.For("shown", 1).Add("state", state?.Digest ?? "").Add("package", package).Build().Short);

    // Once for a fetcher, and a run has one: two would write into one state directory.
    private Task<string> RefreshedAsync()
    {
        lock (_lock)
        {
            return _configuration ??= RefreshAsync();
        }
    }

    private async Task<string> RefreshAsync()
    {
        foreach (var source in sources.Where(source => !File.Exists(source.Keyring)))
        {
            throw new BuildFailedException(new Diagnostic($"the keyring '{source.Keyring}' of suite '{source.Suite}' is not there"));
        }

        var configuration = await AptState.WriteAsync(_directory, sources, architecture, context).ConfigureAwait(false);
        var fetched = Path.Combine(_directory, "fetched-at");
        if (state is not null && File.Exists(fetched) && await File.ReadAllTextAsync(fetched, context.Cancellation).ConfigureAwait(false) == state.Digest)
        {
            return configuration;
        }

        if (state?.Problem is { } problem)
        {
            throw new BuildFailedException(problem);
        }

        context.Progress.Report("reading the package lists");
        File.Delete(fetched);
        SafeDelete.Tree(Path.Combine(_directory, "shown"));
        await context.RunAsync(Apt(configuration, "apt-get", "update") with
        {
            Hint = "Are the mirror, its suite and the keyring right, and is the mirror reachable from here?",
        }).ConfigureAwait(false);
        await File.WriteAllTextAsync(fetched, state?.Digest, context.Cancellation).ConfigureAwait(false);
        return configuration;
    }

    private async Task FetchAsync(string configuration, PackageEntry entry, string directory)
    {
        var activity = $"downloading {entry.Name} {entry.Version} ({entry.Size / 1e6:F0} MB)";
        context.Progress.Report(activity, 0);
        var command = Apt(configuration, "apt-get", "-o", "APT::Status-Fd=1", "download", "--", $"{entry.Name}={entry.Version}") with
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
                context.Progress.Report(activity, done / 100);
            }
        }).ConfigureAwait(false);
    }

    private async Task<BuildFailedException> UnknownAsync(string configuration, string package)
    {
        var names = await context.RunAsync(Apt(configuration, "apt-cache", "pkgnames")).ConfigureAwait(false);
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

    private static ToolCommand Apt(string configuration, string program, params string[] arguments)
        => new ToolCommand(program, arguments).WithEnvironment("APT_CONFIG", configuration).WithEnvironment("LC_ALL", "C.UTF-8");

    private static PackageEntry? Parse(IReadOnlyList<string> lines, string package)
    {
        string? Field(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..];

        return Field("Package") == package && Field("Version") is { } version && Field("Architecture") is { } architecture
            && Field("SHA256") is { } sha256 && long.TryParse(Field("Size"), CultureInfo.InvariantCulture, out var size)
            ? new PackageEntry(package, version, architecture, sha256, size)
            : null;
    }
}
