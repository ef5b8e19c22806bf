using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>
/// Judges the signatures of release files, once, and as strictly as Debian's tools do that come later: apt takes no expired key,
/// which gpgv does, and neither apt nor sqv takes a key that is bound by SHA-1, which gpgv does unless it is told that SHA-1 is weak.
/// </summary>
/// <param name="source">Whose release file it is.</param>
/// <param name="context">Runs gpgv.</param>
internal sealed class ArchiveSignature(ArchiveSource source, StageContext context)
{
    private const string Status = "[GNUPG:] ";

    // GPG_ERR_DIGEST_ALGO and GPG_ERR_BAD_PUBKEY of libgpg-error.
    private const string InvalidDigest = "5";
    private const string BadPublicKey = "6";

    /// <summary>Verifies a file.</summary>
    /// <param name="files">The file, or its signature and the file.</param>
    /// <exception cref="BuildFailedException">No signature is good; says why.</exception>
    public async Task VerifyAsync(params string[] files)
    {
        var result = await context.RunAsync(new ToolCommand(
            "gpgv", (string[])["--quiet", "--status-fd", "1", "--weak-digest", "SHA1", "--weak-digest", "RIPEMD160", "--keyring", source.Keyring, "--", .. files])
        { SuccessCodes = [0, 1, 2] }.WithEnvironment("LC_ALL", "C.UTF-8")).ConfigureAwait(false);
        var lines = result.Lines.Where(line => line.StartsWith(Status, StringComparison.Ordinal)).Select(line => line[Status.Length..].Split(' ')).ToImmutableArray();

        // As apt has it: one that is good is enough, but none may be false.
        if (!lines.Any(line => line[0] == "GOODSIG") || lines.Any(line => line[0] == "BADSIG"))
        {
            throw Refused(lines);
        }
    }

    private BuildFailedException Refused(ImmutableArray<string[]> lines)
    {
        // ERRSIG keyid pkalgo hashalgo sig_class time rc
        string? Unchecked(string reason) => lines.Where(line => line is ["ERRSIG", _, _, _, _, _, var code, ..] && code == reason).Select(line => line[1]).FirstOrDefault();
        string[]? Line(string word) => lines.FirstOrDefault(line => line[0] == word && line.Length > 1);

        var newer = $"Is there a newer keyring (the package that holds {source.Keyring})? Else ask who runs the archive.";
        var (why, hint) =
            Line("BADSIG") is not null ? ("it is not of this file", "The file was changed or cut off on its way, or the mirror is being updated: try again, or use another mirror (--mirror=).")
            : Unchecked(BadPublicKey) is { } weak ? ($"its key {weak} vouches for itself by SHA-1, which can be forged", "apt refuses such keys, too. Ask who runs the archive for its key with a new signature of its own.")
            : Line("EXPKEYSIG") is { } expired ? ($"its key {expired[1]} expired{WhenOf(Line("KEYEXPIRED"))}", newer)
            : Line("REVKEYSIG") is { } revoked ? ($"its key {revoked[1]} was revoked", newer)
            : Line("EXPSIG") is not null ? ("it has expired", "The mirror is not updated any more: name another with --mirror=. Is this machine's clock right?")
            : Unchecked(InvalidDigest) is not null ? ("it is by SHA-1 or older, which can be forged", "The archive is too old for apt of today.")
            : Line("NO_PUBKEY") is { } unknown ? ($"it is by the key {unknown[1]}, which is not in the keyring", "The mirror is not the one you think, or the keyring is too old for the suite.")
            : ("there is none that can be read", "The file was changed or cut off on its way, or the mirror is not the one you think.");
        return new BuildFailedException(new Diagnostic($"the signature of {source.Suite} at {source.Uri} is not good: {why}")
        {
            Expected = $"a signature by a key in {source.Keyring}",
            Hint = hint,
        });
    }

    private static string WhenOf(string[]? line)
        => line is [_, var seconds] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? $" on {DateTimeOffset.FromUnixTimeSeconds(time):yyyy-MM-dd}" : "";
}
