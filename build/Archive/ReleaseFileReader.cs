using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>A suite's signed release file.</summary>
/// <param name="Content">The file, whose signature was verified.</param>
/// <param name="Date">Its <c>Date</c> field.</param>
/// <param name="Problem">Why it is the last known one and not today's; null when it is today's.</param>
internal sealed record ReleaseFile(byte[] Content, DateTimeOffset Date, Diagnostic? Problem);

/// <summary>Fetches release files, verifies them, and keeps the last good ones in the store.</summary>
internal sealed class ReleaseFileReader(AptConfig config, StageContext context)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly AptConnection _connection = new(config, context);

    public async Task<ReleaseFile> ReadAsync(ArchiveSource source)
    {
        if (!File.Exists(source.Keyring))
        {
            throw new BuildFailedException(new Diagnostic($"keyring '{source.Keyring}' is not there, so {source.Suite} cannot be verified")
            {
                Hint = "Install the package that holds it (debian-archive-keyring for Debian), or put the right path into the recipe.",
            });
        }

        var kept = Path.Combine(context.Store.Root, "archives", NameOf(source));
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        var known = await FindKnownAsync(source, kept).ConfigureAwait(false);
        Diagnostic? problem = null;
        try
        {
            if (await FetchAsync(source, known).ConfigureAwait(false) is { } news)
            {
                problem = await KeepAsync(source, news, kept, verified: known is not null).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (IsUnreachable(failure))
        {
            problem = Unreachable(source, failure);
            if (known is null)
            {
                throw new BuildFailedException(problem, failure);
            }
        }

        var content = await File.ReadAllBytesAsync(kept, context.Cancellation).ConfigureAwait(false);
        var fields = ReleaseFields.Parse(source, content);
        return new ReleaseFile(content, fields.Date, problem ?? (config.ChecksValidUntil ? fields.Expiry(source, DateTimeOffset.UtcNow) : null));
    }

    // A kill between the two files of a detached signature, or another keyring, makes what is kept unknown: it is fetched anew.
    private async Task<DateTime?> FindKnownAsync(ArchiveSource source, string kept)
    {
        if (!File.Exists(kept))
        {
            return null;
        }

        try
        {
            await VerifyAsync(source, kept).ConfigureAwait(false);
            return File.GetLastWriteTimeUtc(kept);
        }
        catch (BuildFailedException)
        {
            return null;
        }
    }

    // InRelease carries its signature; suites of old have Release, and the signature in Release.gpg.
    private async Task<Fetched?> FetchAsync(ArchiveSource source, DateTime? known)
    {
        var directory = $"{source.Uri.AbsoluteUri.TrimEnd('/')}/dists/{source.Suite}/";
        var (whole, inRelease) = await GetAsync(new Uri(directory + "InRelease"), known).ConfigureAwait(false);
        if (whole != Answer.Missing)
        {
            return inRelease;
        }

        var (answer, release) = await GetAsync(new Uri(directory + "Release"), known).ConfigureAwait(false);
        if (release is null)
        {
            return answer == Answer.Unchanged ? null : throw NotThere(source, new Uri(directory + "InRelease"));
        }

        var (_, signature) = await GetAsync(new Uri(directory + "Release.gpg"), null).ConfigureAwait(false);
        return release with { Signature = signature?.Content ?? throw NotThere(source, new Uri(directory + "Release.gpg")) };
    }

    private async Task<(Answer Answer, Fetched? Fetched)> GetAsync(Uri uri, DateTime? known)
    {
        if (uri.Scheme is "file" or "copy")
        {
            return File.Exists(uri.LocalPath)
                ? (Answer.Sent, new Fetched(await File.ReadAllBytesAsync(uri.LocalPath, context.Cancellation).ConfigureAwait(false), File.GetLastWriteTimeUtc(uri.LocalPath)))
                : (Answer.Missing, null);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        limit.CancelAfter(Patience);
        using var client = new HttpClient(await _connection.HandlerForAsync(uri).ConfigureAwait(false)) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.IfModifiedSince = known;
        request.Headers.UserAgent.ParseAdd("Dom0Image/1.0");
        using var response = await client.SendAsync(request, limit.Token).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotModified:
                return (Answer.Unchanged, null);
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                return (Answer.Missing, null);
            default:
                response.EnsureSuccessStatusCode();
                var content = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
                return (Answer.Sent, new Fetched(content, (response.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch).UtcDateTime));
        }
    }

    // Verified beside the known one, which stays as it is when the new one is bad, or older: such an answer is well signed, too.
    private async Task<Diagnostic?> KeepAsync(ArchiveSource source, Fetched fetched, string kept, bool verified)
    {
        // Many mirrors and proxies do not tell that nothing changed.
        if (verified && IsSame(fetched.Content, kept) && IsSame(fetched.Signature, SignatureOf(kept)))
        {
            return null;
        }

        var candidate = $"{kept}.{Guid.NewGuid():N}.new";
        try
        {
            if (fetched.Signature is { } signature)
            {
                await File.WriteAllBytesAsync(SignatureOf(candidate), signature, context.Cancellation).ConfigureAwait(false);
            }

            await File.WriteAllBytesAsync(candidate, fetched.Content, context.Cancellation).ConfigureAwait(false);
            await VerifyAsync(source, candidate).ConfigureAwait(false);
            var fields = ReleaseFields.Parse(source, fetched.Content);
            fields.CheckSuite(source);
            if (verified && fields.Rollback(source, ReleaseFields.Parse(source, await File.ReadAllBytesAsync(kept, context.Cancellation).ConfigureAwait(false))) is { } rollback)
            {
                return rollback;
            }

            File.SetLastWriteTimeUtc(candidate, fetched.Modified);
            File.Delete(SignatureOf(kept));
            if (fetched.Signature is not null)
            {
                File.Move(SignatureOf(candidate), SignatureOf(kept));
            }

            File.Move(candidate, kept, overwrite: true);
            return null;
        }
        finally
        {
            File.Delete(candidate);
            File.Delete(SignatureOf(candidate));
        }
    }

    private static bool IsSame(byte[]? content, string file)
        => content is null ? !File.Exists(file) : File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(content);

    private Task VerifyAsync(ArchiveSource source, string file)
        => new ArchiveSignature(source, context).VerifyAsync(File.Exists(SignatureOf(file)) ? [SignatureOf(file), file] : [file]);

    private static BuildFailedException NotThere(ArchiveSource source, Uri uri)
        => new(new Diagnostic($"the mirror has no suite '{source.Suite}': {uri} is not there")
        {
            Hint = "Is the suite spelled right? Suites that Debian no longer supports are only on archive mirrors; name one with --mirror= or 'mirrors'.",
        });

    private bool IsUnreachable(Exception failure)
        => failure is HttpRequestException or IOException || (failure is OperationCanceledException && !context.Cancellation.IsCancellationRequested);

    private static Diagnostic Unreachable(ArchiveSource source, Exception failure)
        => new($"the mirror of {source.Suite}, {source.Uri}, cannot be reached: {(failure is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} s" : failure.Message)}")
        {
            Hint = "Is the network up and the proxy right (apt-config dump Acquire)? Another mirror can be named with --mirror=.",
        };

    private static string SignatureOf(string file) => file + ".gpg";

    private static string NameOf(ArchiveSource source)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Uri}|{source.Suite}")))[..24];

    private enum Answer
    {
        Sent,
        Unchanged,
        Missing,
    }

    // The signature is null for a file that carries its own.
    private sealed record Fetched(byte[] Content, DateTime Modified, byte[]? Signature = null);
}
