using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;

namespace Dom0Image.BaseLayer;

/// <summary>Turns a bootstrapper's complaints into a failure that says what to do.</summary>
internal static partial class BootstrapFailure
{
    private static readonly ImmutableArray<(Regex Pattern, string What, string Hint)> Known =
    [
        (NoSpace(), "the disk is full", "Free some space, or name another place with --store=."),
        (BadSignature(), "an archive's signature is not good", "The files were changed on their way, or the recipe's keyring is not that of the archive."),
        (BadHash(), "a downloaded file is not what the signed lists say", "It was changed or cut off on its way, or the mirror is being updated: try again, or use another mirror (--mirror=)."),
        (NoPackage(), "a package does not exist in the suite", "Check the names under 'packages' and 'hypervisor' in the recipe."),
        (NotFound(), "a file is missing on the mirror", "The mirror may be in the middle of an update: try again, or use another mirror (--mirror=)."),
        (Stalled(), "the mirror stopped sending", "Try again, or use another mirror (--mirror=)."),
        (NoConnection(), "the mirror cannot be reached", "Is the network up and the proxy right (apt-config dump Acquire)? Another mirror can be named with --mirror=."),
    ];

    /// <summary>The failure to show.</summary>
    /// <param name="failure">What the bootstrapper ended with.</param>
    /// <param name="errors">Its error lines.</param>
    /// <param name="sources">Where it installed from.</param>
    /// <param name="store">The store's directory.</param>
    public static BuildFailedException Explain(
        ToolFailedException failure, IReadOnlyCollection<string> errors, ImmutableArray<ArchiveSource> sources, string store)
    {
        ImmutableArray<string> lines = [.. errors, .. failure.LastLines];
        foreach (var (pattern, what, hint) in Known)
        {
            if (lines.FirstOrDefault(line => pattern.IsMatch(line)) is { } line)
            {
                var where = what.StartsWith("the disk", StringComparison.Ordinal) ? store : sources[0].Uri.ToString();
                return new BuildFailedException(new Diagnostic($"no base layer was made: {what} ({where}): {line.Trim()}") { Hint = hint }, failure);
            }
        }

        return failure;
    }

    [GeneratedRegex("No space left on device|Disk quota exceeded|not have enough free space")]
    private static partial Regex NoSpace();

    [GeneratedRegex("NO_PUBKEY|BADSIG|EXPKEYSIG|is not signed|invalid signature|NODATA|signatures? (?:were|was) invalid|NOSPLIT|Clearsigned file isn't valid")]
    private static partial Regex BadSignature();

    [GeneratedRegex("Hash Sum mismatch|Hashes of expected file|unexpected size|does not match expected|File has unexpected|Couldn't download|was corrupt|End of file while reading|unexpected end of file", RegexOptions.IgnoreCase)]
    private static partial Regex BadHash();

    [GeneratedRegex("Unable to locate package|has no installation candidate|Couldn't find these debs|E: Unable to correct problems|held broken packages")]
    private static partial Regex NoPackage();

    [GeneratedRegex("404 +Not Found|410 +Gone|does not have a Release file|File not found")]
    private static partial Regex NotFound();

    [GeneratedRegex("timed out|Connection failed|data +timeout", RegexOptions.IgnoreCase)]
    private static partial Regex Stalled();

    [GeneratedRegex("Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection|Failed getting release file|Temporary failure|Connection reset|Failed to fetch")]
    private static partial Regex NoConnection();
}
