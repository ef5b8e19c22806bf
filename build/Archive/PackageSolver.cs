using System.Collections.Immutable;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>A package that would be installed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">Its architecture, or <c>all</c>.</param>
internal sealed record SolvedPackage(string Name, string Version, string Architecture);

/// <summary>
/// Has apt decide which packages would be installed, as mmdebstrap has it do so: first the essential ones into nothing, then
/// all others beside them, without what is only recommended. Nothing is downloaded but lists.
/// </summary>
/// <param name="lists">The signed lists.</param>
/// <param name="suite">The suite whose essential and required packages every image has.</param>
/// <param name="architecture">Debian architecture.</param>
/// <param name="context">Tools and cancellation.</param>
internal sealed class PackageSolver(AptLists lists, string suite, string architecture, StageContext context)
{
    private readonly Lock _lock = new();
    private Task<ImmutableArray<SolvedPackage>>? _essential;

    private string Home => Path.Combine(lists.Home, "solver");

    private string Essential => Path.Combine(Home, "essential");

    /// <summary>What would be installed.</summary>
    /// <param name="names">The packages that are asked for, beside those of every Debian system.</param>
    /// <exception cref="UnsolvableException">They cannot be installed together.</exception>
    public async Task<ImmutableArray<SolvedPackage>> SolveAsync(ImmutableArray<string> names)
    {
        var essential = await EssentialAsync().ConfigureAwait(false);
        return essential.AddRange(await AskAsync(Essential, [.. names, Narrow("?and(?priority(required),?not(?essential))")]).ConfigureAwait(false));
    }

    private Task<ImmutableArray<SolvedPackage>> EssentialAsync()
    {
        lock (_lock)
        {
            return _essential ??= MakeAsync();
        }

        async Task<ImmutableArray<SolvedPackage>> MakeAsync()
        {
            Directory.CreateDirectory(Home);
            var nothing = Path.Combine(Home, "nothing");
            await File.WriteAllTextAsync(nothing, "", context.Cancellation).ConfigureAwait(false);
            var packages = await AskAsync(nothing, [Narrow("?essential")]).ConfigureAwait(false);
            await File.WriteAllTextAsync(Essential, await InstalledAsync(packages).ConfigureAwait(false), context.Cancellation).ConfigureAwait(false);
            return packages;
        }
    }

    // Words of mmdebstrap's own, run_download and run_install.
    private string Narrow(string what) => $"?narrow(?or(?archive(^{suite}$),?codename(^{suite}$)),?architecture({architecture}),{what})";

    private async Task<ImmutableArray<SolvedPackage>> AskAsync(string status, ImmutableArray<string> wanted)
    {
        var command = await lists.CommandAsync(
            "apt-get", ["-q", "--print-uris", .. Options(status), "install", "--", .. wanted]).ConfigureAwait(false);
        try
        {
            var answer = await context.RunAsync(command).ConfigureAwait(false);
            return [.. answer.Lines.Select(Parse).OfType<SolvedPackage>()];
        }
        catch (ToolFailedException failure) when (UnsolvableException.Explains(failure))
        {
            throw new UnsolvableException(failure);
        }
    }

    // With files of its own: what the lists make of another status is made anew each time. ForceEssential as mmdebstrap has it,
    // else apt would count itself among the essential packages.
    private ImmutableArray<string> Options(string status)
        =>
        [
            "-o", $"Dir::State::status={status}", "-o", $"Dir::Cache::pkgcache={Home}/pkgcache.bin", "-o", $"Dir::Cache::srcpkgcache={Home}/srcpkgcache.bin",
            "-o", "pkgCacheGen::ForceEssential=,", "-o", "APT::Install-Recommends=false",
        ];

    // 'http://mirror.example.org/pool/p/passwd/passwd_1%3a4.17_amd64.deb' passwd_1%3a4.17_amd64.deb 973956 SHA256:...
    private static SolvedPackage? Parse(string line)
        => line.StartsWith('\'') && line.Split(' ') is [_, var file, ..] && DebFileName.Parse(file) is var (name, version, architecture)
            ? new SolvedPackage(name, version, architecture)
            : null;

    private async Task<string> InstalledAsync(ImmutableArray<SolvedPackage> packages)
    {
        var shown = await lists.AskAsync("apt-cache", ["show", "--", .. packages.Select(p => $"{p.Name}={p.Version}")]).ConfigureAwait(false);
        var status = new StringBuilder();
        foreach (var stanza in shown.Output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).DistinctBy(s => s.Split('\n')[0]))
        {
            status.Append(stanza.Trim('\n')).Append("\nStatus: install ok installed\n\n");
        }

        return status.ToString();
    }
}
