using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;

namespace Dom0Image.Status;

/// <summary>Asks hosts whether they answer: one ping each, many at once.</summary>
internal static class HostProbe
{
    private const int AtOnce = 256;

    // In a room's network an answer takes a millisecond.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(600);

    // For others than root .NET starts the program ping for each.
    private const int MostByProgram = 100;

    /// <summary>Whether each answered; null where this machine cannot ask.</summary>
    public static async Task<IReadOnlyDictionary<IPAddress, bool?>> AskAsync(IReadOnlyCollection<IPAddress> hosts, CancellationToken cancellation)
    {
        var answers = new ConcurrentDictionary<IPAddress, bool?>();
        if (!Environment.IsPrivilegedProcess && hosts.Count > MostByProgram)
        {
            return answers;
        }

        await Parallel.ForEachAsync(hosts.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (host, stop) =>
        {
            answers[host] = await AskAsync(host, stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return answers;
    }

    private static async Task<bool?> AskAsync(IPAddress host, CancellationToken cancellation)
    {
        try
        {
            using var ping = new Ping();
            return (await ping.SendPingAsync(host, Patience, cancellationToken: cancellation).ConfigureAwait(false)).Status == IPStatus.Success;
        }
        catch (Exception problem) when (problem is PingException or PlatformNotSupportedException)
        {
            // No route is no answer; no socket is no question.
            return problem.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.NetworkUnreachable or System.Net.Sockets.SocketError.HostUnreachable } ? false : null;
        }
    }
}
