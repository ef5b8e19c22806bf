using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Dom0Image.Boot.Tftp;
using Dom0Image.BootLab.Channel;
using Dom0Image.Posix;

namespace Dom0Image.BootLab.Servers;

/// <summary>Stands in for <c>/dev/log</c>: keeps what the servers log, and the TFTP requests among it.</summary>
internal sealed class LabSyslog : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Stopwatch _watch;
    private readonly string _logFile;
    private readonly Lock _gate = new();
    private ImmutableList<TftpRequest> _requests = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="socketPath">Where servers find the socket; its directory is there.</param>
    /// <param name="logFile">Gets every line.</param>
    /// <param name="watch">The lab's clock.</param>
    public LabSyslog(string socketPath, string logFile, Stopwatch watch)
    {
        _watch = watch;
        _logFile = logFile;

        // Socket addresses hold some 100 characters, and work directories can be deeper than that.
        using (var directory = OpenDirectory.Open(Path.GetDirectoryName(socketPath)!))
        {
            _socket.Bind(new UnixDomainSocketEndPoint($"{directory.ShortPath}/{Path.GetFileName(socketPath)}"));
        }

        File.SetUnixFileMode(socketPath, (UnixFileMode)0b110_110_110);
        _ = ReceiveAsync();
    }

    /// <summary>TFTP requests so far, oldest first.</summary>
    public ImmutableList<TftpRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return _requests;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer).ConfigureAwait(false);
                Take(PlainText.Of(Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\n', '\0')).Replace('\n', ' '));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The lab is over.
        }
    }

    private void Take(string line)
    {
        var at = _watch.Elapsed;
        lock (_gate)
        {
            Log(at, line);
            if (TftpRequest.Read(line) is { } request)
            {
                _requests = _requests.Add(request);
            }
        }
    }

    private void Log(TimeSpan at, string line)
    {
        try
        {
            File.AppendAllText(_logFile, FormattableString.Invariant($"[{at.TotalSeconds,8:F2}] {line}\n"));
        }
        catch (IOException)
        {
            // A full disk. The servers wait for whoever reads here, so that reading must go on; their own logs tell of it.
        }
    }
}
