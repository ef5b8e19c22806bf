using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>What the archives hold now, told by their signed release files. It goes into stage keys, so that new packages are seen.</summary>
/// <param name="Digest">SHA-256 over all release files, in hex.</param>
/// <param name="Date">The newest release file's date; the time stamp of what is made from it.</param>
/// <param name="Problem">Null when the archives were asked; else why they could not be, and this is the last known state.</param>
internal sealed record ArchiveState(string Digest, DateTimeOffset Date, Diagnostic? Problem)
{
    /// <summary>
    /// Fetches and verifies the release file of every source, all at once. A source that cannot be reached is answered from the last
    /// known state.
    /// </summary>
    /// <exception cref="BuildFailedException">A signature is bad, a suite is not there, or a source was never reached.</exception>
    public static async Task<ArchiveState> ReadAsync(ImmutableArray<ArchiveSource> sources, StageContext context)
    {
        var config = await AptConfig.OfHostAsync(context).ConfigureAwait(false);
        var files = await Task.WhenAll(sources.Select(new ReleaseFileReader(config, context).ReadAsync)).ConfigureAwait(false);
        var all = string.Join('\n', files.Select(f => Convert.ToHexStringLower(SHA256.HashData(f.Content))));
        return new ArchiveState(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(all))),
            files.Max(f => f.Date),
            files.Select(f => f.Problem).FirstOrDefault(p => p is not null));
    }
}
