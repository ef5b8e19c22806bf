using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dom0Image.Tests.BaseLayer;

/// <summary>What goes wrong with a file on its way.</summary>
internal enum Fault
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>The connection ends in its middle.</summary>
    Truncated,

    /// <summary>One byte is another one.</summary>
    Tampered,

    /// <summary>Nothing more comes after its middle.</summary>
    Stalled,
}

/// <summary>An HTTP server on 127.0.0.1 for one directory, which can go wrong on purpose.</summary>
internal sealed class FaultyMirror : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _root;
    private readonly Task _serving;

    public FaultyMirror(string root)
    {
        _root = root;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary><c>user:password</c> that it asks for as a proxy; null for none.</summary>
    public string? ProxyCredentials { get; init; }

    /// <summary>What it shows of itself as <c>https</c>; null for <c>http</c>.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Faults by the end of a path.</summary>
    public ConcurrentDictionary<string, Fault> Faults { get; } = new();

    /// <summary>Paths that were asked for, and how they were answered.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    public void Dispose()
    {
        if (_serving.IsCompleted)
        {
            return;
        }

        _end.Cancel();
        _serving.Wait();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (Certificate is not null)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(Certificate);
                stream = secured;
            }

            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var path = (await reader.ReadLineAsync(_end.Token))?.Split(' ')[1] ?? "/";
            DateTime? since = null;
            var admitted = ProxyCredentials is null;
            while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } header)
            {
                if (header.StartsWith("If-Modified-Since: ", StringComparison.OrdinalIgnoreCase))
                {
                    since = DateTime.Parse(header["If-Modified-Since: ".Length..], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
                }

                admitted |= header == $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(ProxyCredentials ?? ""))}";
            }

            if (!admitted)
            {
                await HeadAsync(stream, path, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"", 0, DateTime.UnixEpoch);
                return;
            }

            await SendAsync(stream, path, since);
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task SendAsync(Stream stream, string path, DateTime? since)
    {
        // As a proxy it is asked for whole addresses; the archive's first part is /debian there.
        var place = path.StartsWith("http://", StringComparison.Ordinal) ? new Uri(path).AbsolutePath["/debian".Length..] : path;
        var file = Path.Combine(_root, Uri.UnescapeDataString(place).TrimStart('/'));
        var fault = Faults.Where(f => path.EndsWith(f.Key, StringComparison.Ordinal)).Select(f => (Fault?)f.Value).FirstOrDefault();
        if (fault == Fault.Missing || !File.Exists(file))
        {
            await HeadAsync(stream, path, "404 Not Found", 0, DateTime.UnixEpoch);
            return;
        }

        var modified = File.GetLastWriteTimeUtc(file);
        if (fault is null && since is { } known && Math.Abs((modified - known).TotalSeconds) < 1)
        {
            await HeadAsync(stream, path, "304 Not Modified", null, modified);
            return;
        }

        var content = await File.ReadAllBytesAsync(file, _end.Token);
        if (fault == Fault.Tampered)
        {
            content[content.Length / 2] ^= 1;
        }

        await HeadAsync(stream, path, "200 OK", content.Length, modified);
        var sent = fault is Fault.Truncated or Fault.Stalled ? content.Length / 2 : content.Length;
        await stream.WriteAsync(content.AsMemory(0, sent), _end.Token);
        if (fault == Fault.Stalled)
        {
            await Task.Delay(Timeout.Infinite, _end.Token);
        }
    }

    private async Task HeadAsync(Stream stream, string path, string status, int? length, DateTime modified)
    {
        Answers.Enqueue($"{status[..3]} {path}");
        var size = length is { } known ? $"Content-Length: {known}\r\n" : "";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nLast-Modified: {modified.ToString("R", CultureInfo.InvariantCulture)}\r\n{size}Connection: close\r\n\r\n"), _end.Token);
    }
}
