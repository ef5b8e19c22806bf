using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Dom0Image.Boot.Servers;
using Dom0Image.Boot.Tftp;
using Dom0Image.BootLab.Network;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Servers;

/// <summary>
/// The real servers of a boot server (isc-dhcp-server, tftpd-hpa, nfs-ganesha), fed with the very files that were
/// generated for it.
/// </summary>
internal sealed class LabBootServer : IAsyncDisposable
{
    private readonly ImmutableArray<LabServer> _servers;
    private readonly LabSyslog _syslog;

    private LabBootServer(ImmutableArray<LabServer> servers, LabSyslog syslog)
    {
        _servers = servers;
        _syslog = syslog;
    }

    /// <summary>Files asked for over TFTP so far.</summary>
    public ImmutableList<TftpRequest> TftpRequests => _syslog.Requests;

    /// <summary>The servers that have died, and why where that is known.</summary>
    public ImmutableArray<string> Dead => [.. _servers.Where(s => !s.Alive).Select(s => s.Problem is { } why ? $"{s.Name} ({why.Message})" : s.Name)];

    /// <summary>Starts all servers and waits until each is ready.</summary>
    /// <param name="inside">Where they run.</param>
    /// <param name="root">Their <c>/</c>, with the configuration at <see cref="LabRoot.Configuration"/>.</param>
    /// <param name="configuration">The same configuration on this machine: <c>PREFIX/etc</c>.</param>
    /// <param name="addresses">Addresses of the servers, the boot server's first.</param>
    /// <param name="logDirectory">Gets their logs.</param>
    /// <param name="watch">The lab's clock.</param>
    /// <param name="bridges">The networks that the DHCP server is on.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task<LabBootServer> StartAsync(LabNamespace inside, LabRoot root, string configuration, ImmutableArray<IPAddress> addresses, string logDirectory, Stopwatch watch, ImmutableArray<string> bridges, CancellationToken cancellation)
    {
        var syslog = new LabSyslog(root.SyslogSocket, Path.Combine(logDirectory, "syslog.log"), watch);
        var started = ImmutableArray.CreateBuilder<LabServer>();
        try
        {
            foreach (var (command, port) in Commands(new LabGround(root.Directory, configuration, LabRoot.Configuration, addresses, bridges)))
            {
                started.Add(await LabServer.StartAsync(inside, root, command, port, logDirectory, cancellation).ConfigureAwait(false));
            }

            return new LabBootServer(started.ToImmutable(), syslog);
        }
        catch
        {
            await new LabBootServer(started.ToImmutable(), syslog).DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_servers.Select(s => s.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
        finally
        {
            _syslog.Dispose();
        }
    }

    private static IEnumerable<ServerInLab> Commands(LabGround ground)
    {
        ground.Write("/run/radvd.conf", SilentRouter);
        return
        [
            .. BootServers.All.SelectMany(server => server.InLab(ground)),
            new(new ToolCommand("radvd", "--nodaemon", "--config=/run/radvd.conf", "--pidfile=/run/radvd.pid", "--logmethod=stderr"), null),
        ];
    }

    // QEMU's iPXE waits 13 seconds for a router's word on IPv6 after it has its address. This one says: not here.
    private const string SilentRouter = $$"""
        interface {{LabNetwork.Bridge}} {
          AdvSendAdvert on;
          AdvDefaultLifetime 0;
          MinRtrAdvInterval 3;
          MaxRtrAdvInterval 4;
        };

        """;
}
