using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>A suite's signed release file.</summary>
/// <param name="Content">The file, whose signature was verified.</param>
/// <param name="Date">Its <c>Date</c> field.</param>
/// <param name="Problem">Why it is the last known one and not today's; null when it is today's.</param>
internal sealed record ReleaseFile(byte[] Content, DateTimeOffset Date, Diagnostic? Problem);

/// <summary>Has apt fetch release files, judges them, and keeps the last good ones in the store.</summary>
internal sealed partial class ReleaseFileReader(AptConfig config, StageContext context)
{
    private const string Helper = "/usr/lib/apt/apt-helper";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Once, for all that are read at the same time.
    private readonly Lazy<string> _configuration = new(() => AptState.Write(Path.Combine(HomeIn(context.Store), "apt"), [], "amd64", config));

    public async Task<ReleaseFile> ReadAsync(ArchiveSource source)
    {
        if (!File.Exists(source.Keyring))
        {
            throw new BuildFailedException(new Diagnostic($"keyring '{source.Keyring}' is not there, so {source.Suite} cannot be verified")
            {
                Hint = "Install the package that holds it (debian-archive-keyring for Debian), or put the right path into the recipe.",
            });
        }

        var kept = Path.Combine(Directory.CreateDirectory(HomeIn(context.Store)).FullName, NameOf(source));
        var candidate = $"{kept}.{Guid.NewGuid():N}.new";
        var known = await IsKnownAsync(source, kept).ConfigureAwait(false);
        Diagnostic? problem = null;
        try
        {
            if (await TryFetchAsync(source, candidate).ConfigureAwait(false) is { } failure)
            {
                problem = Unreachable(source, WhyUnreachable(failure)!);
                if (!known)
                {
                    throw new BuildFailedException(problem, failure);
                }
            }
            else
            {
                problem = await KeepAsync(source, candidate, kept, known).ConfigureAwait(false);
            }
        }
        finally
        {
            File.Delete(candidate);
            File.Delete(SignatureOf(candidate));
        }

        var content = await File.ReadAllBytesAsync(kept, context.Cancellation).ConfigureAwait(false);
        var fields = ReleaseFields.Parse(source, content);
        return new ReleaseFile(content, fields.Date, problem ?? (config.ChecksValidUntil ? fields.Expiry(source, DateTimeOffset.UtcNow) : null));
    }

    private static string HomeIn(BuildStore store) => Path.Combine(store.Root, "archives");

    // A kill between the two files of a detached signature, or another keyring, makes what is kept unknown: it is fetched anew.
    private async Task<bool> IsKnownAsync(ArchiveSource source, string kept)
    {
        try
        {
            if (File.Exists(kept))
            {
                await VerifyAsync(source, kept).ConfigureAwait(false);
                return true;
            }
        }
        catch (BuildFailedException)
        {
        }

        return false;
    }

    // What the mirror cannot be reached for; null where it was.
    private async Task<Exception?> TryFetchAsync(ArchiveSource source, string candidate)
    {
        try
        {
            await FetchAsync(source, candidate).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure) when (WhyUnreachable(failure) is not null)
        {
            return failure;
        }
    }

    // InRelease carries its signature; suites of old have Release, and the signature in Release.gpg.
    private async Task FetchAsync(ArchiveSource source, string candidate)
    {
        var whole = FileOf("InRelease");
        if (!await GetAsync(whole, candidate).ConfigureAwait(false))
        {
            var missing = !await GetAsync(FileOf("Release"), candidate).ConfigureAwait(false) ? whole
                : !await GetAsync(FileOf("Release.gpg"), SignatureOf(candidate)).ConfigureAwait(false) ? FileOf("Release.gpg")
                : null;
            if (missing is not null)
            {
                throw NotThere(source, missing);
            }
        }

        Uri FileOf(string name) => new($"{source.Uri.AbsoluteUri.TrimEnd('/')}/dists/{source.Suite}/{name}");
    }

    /// <summary>Fetches a file by apt.</summary>
    /// <returns>Whether the mirror has it.</returns>
    private async Task<bool> GetAsync(Uri uri, string place)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        limit.CancelAfter(Patience);
        var command = new ToolCommand(Helper, "-o", "Acquire::Retries=0", "download-file", uri.IsFile ? "copy:" + uri.LocalPath : uri.AbsoluteUri, place)
            .WithEnvironment("APT_CONFIG", _configuration.Value)
            .WithEnvironment("LC_ALL", "C.UTF-8");
        try
        {
            await (context with { Cancellation = limit.Token }).RunAsync(command).ConfigureAwait(false);
            return true;
        }
        catch (ToolFailedException failure) when (failure.LastLines.Any(line => Missing().IsMatch(line)))
        {
            return false;
        }
    }

    // Verified beside the known one, which stays as it is when the new one is bad, or older: such an answer is well signed, too.
    private async Task<Diagnostic?> KeepAsync(ArchiveSource source, string candidate, string kept, bool known)
    {
        if (known && IsSame(candidate, kept) && IsSame(SignatureOf(candidate), SignatureOf(kept)))
        {
            return null;
        }

        await VerifyAsync(source, candidate).ConfigureAwait(false);
        var fields = await FieldsAsync(candidate).ConfigureAwait(false);
        fields.CheckSuite(source);
        if (known && fields.Rollback(source, await FieldsAsync(kept).ConfigureAwait(false)) is { } rollback)
        {
            return rollback;
        }

        File.Delete(SignatureOf(kept));
        if (File.Exists(SignatureOf(candidate)))
        {
            File.Move(SignatureOf(candidate), SignatureOf(kept));
        }

        File.Move(candidate, kept, overwrite: true);
        return null;

        async Task<ReleaseFields> FieldsAsync(string file) => ReleaseFields.Parse(source, await File.ReadAllBytesAsync(file, context.Cancellation).ConfigureAwait(false));
    }

    private static bool IsSame(string one, string other)
        => File.Exists(one) ? File.Exists(other) && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other)) : !File.Exists(other);

    private Task VerifyAsync(ArchiveSource source, string file)
        => new ArchiveSignature(source, context).VerifyAsync(File.Exists(SignatureOf(file)) ? [SignatureOf(file), file] : [file]);

    private static BuildFailedException NotThere(ArchiveSource source, Uri uri)
        => new(new Diagnostic($"the mirror has no suite '{source.Suite}': {uri} is not there")
        {
            Hint = "Is the suite spelled right? Suites that Debian no longer supports are only on archive mirrors; name one with --mirror= or 'mirrors'.",
        });

    private string? WhyUnreachable(Exception failure) => failure switch
    {
        ToolFailedException { LastLines: var lines } when !DiskSpace.IsDiskFull(failure) => lines.Select(line => Reason().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value ?? failure.Message,
        OperationCanceledException when !context.Cancellation.IsCancellationRequested => $"no answer within {Patience.TotalSeconds} s",
        _ => null,
    };

    private static Diagnostic Unreachable(ArchiveSource source, string why)
        => new($"the mirror of {source.Suite}, {source.Uri}, cannot be reached: {why}")
        {
            Hint = "Is the network up and the proxy right (apt-config dump Acquire)? Another mirror can be named with --mirror=.",
        };

    private static string SignatureOf(string file) => file + ".gpg";

    private static string NameOf(ArchiveSource source)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Uri}|{source.Suite}")))[..24];

    // "E: Failed to fetch http://mirror.example.org/debian/dists/trixie/InRelease  404  Not Found [IP: 192.0.2.1 80]"
    [GeneratedRegex("^E: Failed to fetch .* (404|410) |^E: Failed to fetch copy:.*\\(2: ")]
    private static partial Regex Missing();

    [GeneratedRegex("^E: (?:Failed to fetch [^ ]+ +)?(.+)$")]
    private static partial Regex Reason();
}
