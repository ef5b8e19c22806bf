using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dom0Image.BootLab.Network;

namespace Dom0Image.BootLab.Channel;

/// <summary>
/// The lab's own way to its clients, beside everything that a site serves: they fetch scripts over it and send answers back.
/// So what is exported, to whom and how, is the site's alone, and none of it is counted. A TCP port of this process on the
/// lab's network; a client needs bash, which every Debian root has.
/// </summary>
internal sealed class LabChannel : IAsyncDisposable
{
    /// <summary>How long what a client has sent may be on its way.</summary>
    internal static readonly TimeSpan LastBytesLimit = TimeSpan.FromSeconds(30);

    /// <summary>No server of a site is there.</summary>
    private const int Port = 4711;

    private const int LongestAnswer = 64 << 20;

    private readonly Socket _listener;
    private readonly IPAddress _address;
    private readonly ConcurrentDictionary<string, string> _offered = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _received = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    private LabChannel(Socket listener, IPAddress address)
    {
        _listener = listener;
        _address = address;
        _serving = ServeAsync();
    }

    /// <summary>Opens it.</summary>
    /// <param name="inside">The lab.</param>
    /// <param name="address">An address that clients reach.</param>
    public static LabChannel Open(LabNamespace inside, IPAddress address)
    {
        var listener = NamespaceSocket.Open(inside.ProcessId);
        try
        {
            listener.Bind(new IPEndPoint(address, Port));
            listener.Listen();
            return new LabChannel(listener, address);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Has a text ready for clients.</summary>
    /// <param name="name">Without blanks.</param>
    /// <param name="text">What they get.</param>
    /// <returns>The command by which a client writes it to its standard output.</returns>
    public string Offer(string name, string text)
    {
        _offered[name] = text;
        return Command($"get {name}", "cat <&3");
    }

    /// <summary>The command by which a client sends its standard input.</summary>
    /// <param name="name">Without blanks.</param>
    public string Send(string name) => Command($"put {name}", "cat >&3");

    /// <summary>What a client sent, whole, as <see cref="PlainText"/>; null when nothing came in time.</summary>
    /// <param name="name">As the client named it.</param>
    /// <param name="limit">How long to wait. A client is done when its last bytes may be on their way yet.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public async Task<string?> ReceiveAsync(string name, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            return await Answer(name).Task.WaitAsync(limit, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private string Command(string request, string then)
        => string.Create(CultureInfo.InvariantCulture, $"bash -c 'exec 3<>/dev/tcp/{_address}/{Port} && echo {request} >&3 && {then}'");

    private TaskCompletionSource<string> Answer(string name)
        => _received.GetOrAdd(name, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptAsync(_end.Token).ConfigureAwait(false);
            _ = TalkAsync(client);
        }
    }

    // A client that breaks off has said nothing, which whoever waits for it tells.
    private async Task TalkAsync(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            switch ((await ReadLineAsync(stream).ConfigureAwait(false)).Split(' '))
            {
                case ["get", var name] when _offered.TryGetValue(name, out var text):
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(text), _end.Token).ConfigureAwait(false);
                    client.Shutdown(SocketShutdown.Send);
                    break;
                case ["put", var name]:
                    Answer(name).TrySetResult(PlainText.Of(await ReadToEndAsync(stream).ConfigureAwait(false)));
                    break;
                default:
                    break;
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < 200 && await stream.ReadAsync(one, _end.Token).ConfigureAwait(false) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    private async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using var all = new MemoryStream();
        var part = new byte[64 << 10];
        int count;
        while ((count = await stream.ReadAsync(part, _end.Token).ConfigureAwait(false)) > 0)
        {
            all.Write(part, 0, count);
            if (all.Length > LongestAnswer)
            {
                throw new IOException("a client sends without end");
            }
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
