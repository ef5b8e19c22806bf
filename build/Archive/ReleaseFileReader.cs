using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Stages;

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
        Diagnostic? problem = null;
        (byte[] Content, DateTime Modified)? fetched = null;
        try
        {
            fetched = await FetchAsync(source, File.Exists(kept) ? File.GetLastWriteTimeUtc(kept) : null).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsUnreachable(failure))
        {
            problem = Unreachable(source, failure);
            if (!File.Exists(kept))
            {
                throw new BuildFailedException(problem, failure);
            }
        }

        if (fetched is { } news)
        {
            await KeepAsync(source, news, kept).ConfigureAwait(false);
        }

        await VerifyAsync(source, kept).ConfigureAwait(false);
        var content = await File.ReadAllBytesAsync(kept, context.Cancellation).ConfigureAwait(false);
        return new ReleaseFile(content, DateOf(source, content), problem);
    }

    private async Task<(byte[] Content, DateTime Modified)?> FetchAsync(ArchiveSource source, DateTime? known)
    {
        var uri = new Uri($"{source.Uri.AbsoluteUri.TrimEnd('/')}/dists/{source.Suite}/InRelease");
        if (uri.Scheme is "file" or "copy")
        {
            return File.Exists(uri.LocalPath)
                ? (await File.ReadAllBytesAsync(uri.LocalPath, context.Cancellation).ConfigureAwait(false), File.GetLastWriteTimeUtc(uri.LocalPath))
                : throw NotThere(source, uri);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        limit.CancelAfter(Patience);
        using var client = new HttpClient(config.HandlerFor(uri)) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.IfModifiedSince = known;
        request.Headers.UserAgent.ParseAdd("Dom0Image/1.0");
        using var response = await client.SendAsync(request, limit.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return null;
        }

        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            throw NotThere(source, uri);
        }

        response.EnsureSuccessStatusCode();
        var content = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
        return (content, (response.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch).UtcDateTime);
    }

    // Verified beside the known one, which stays as it is when the new one is bad.
    private async Task KeepAsync(ArchiveSource source, (byte[] Content, DateTime Modified) fetched, string kept)
    {
        var candidate = $"{kept}.{Guid.NewGuid():N}.new";
        try
        {
            await File.WriteAllBytesAsync(candidate, fetched.Content, context.Cancellation).ConfigureAwait(false);
            await VerifyAsync(source, candidate).ConfigureAwait(false);
            CheckSuite(source, Encoding.UTF8.GetString(fetched.Content));
            File.SetLastWriteTimeUtc(candidate, fetched.Modified);
            File.Move(candidate, kept, overwrite: true);
        }
        finally
        {
            File.Delete(candidate);
        }
    }

    private async Task VerifyAsync(ArchiveSource source, string file)
    {
        try
        {
            await context.RunAsync(new ToolCommand("gpgv", "--quiet", "--keyring", source.Keyring, file)).ConfigureAwait(false);
        }
        catch (ToolFailedException failure)
        {
            throw new BuildFailedException(
                new Diagnostic($"the signature of {source.Suite} at {source.Uri} is not good: {string.Join("; ", failure.LastLines.TakeLast(3))}")
                {
                    Expected = $"a signature by a key in {source.Keyring}",
                    Hint = "The file was changed or cut off on its way, the mirror is not the one you think, or the keyring is too old for the suite.",
                },
                failure);
        }
    }

    private static void CheckSuite(ArchiveSource source, string text)
    {
        var suite = Field(text, "Suite");
        var codename = Field(text, "Codename");
        if (source.Suite != suite && source.Suite != codename && source.Suite.Split('/')[0] != codename)
        {
            throw new BuildFailedException(new Diagnostic($"{source.Uri} answers with suite '{codename ?? suite}' when asked for '{source.Suite}'")
            {
                Hint = "The mirror serves another suite under this name; use another mirror.",
            });
        }
    }

    private static DateTimeOffset DateOf(ArchiveSource source, byte[] content)
        => DateTimeOffset.TryParse(
            Field(Encoding.UTF8.GetString(content), "Date")?.Replace("UTC", "+00:00", StringComparison.Ordinal),
            CultureInfo.InvariantCulture,
            out var date)
            ? date
            : throw new BuildFailedException(new Diagnostic($"the release file of {source.Suite} at {source.Uri} has no date"));

    private static string? Field(string text, string name)
        => text.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();

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

    private static string NameOf(ArchiveSource source)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Uri}|{source.Suite}")))[..24];
}
