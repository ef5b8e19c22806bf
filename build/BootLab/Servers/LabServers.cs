using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Dom0Image.BootLab.Network;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Servers;

/// <summary>
/// The real servers of a boot server (isc-dhcp-server, tftpd-hpa, nfs-ganesha), fed with the very files that were
/// generated for it.
/// </summary>
internal sealed class LabServers : IAsyncDisposable
{
    private readonly ImmutableArray<LabServer> _servers;
    private readonly LabSyslog _syslog;

    private LabServers(ImmutableArray<LabServer> servers, LabSyslog syslog)
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
    public static async Task<LabServers> StartAsync(LabNamespace inside, LabRoot root, string configuration, ImmutableArray<IPAddress> addresses, string logDirectory, Stopwatch watch, ImmutableArray<string> bridges, CancellationToken cancellation)
    {
        var syslog = new LabSyslog(root.SyslogSocket, Path.Combine(logDirectory, "syslog.log"), watch);
        var started = ImmutableArray.CreateBuilder<LabServer>();
        try
        {
            foreach (var (command, port) in Commands(root, configuration, addresses, bridges))
            {
                started.Add(await LabServer.StartAsync(inside, root, command, port, logDirectory, cancellation).ConfigureAwait(false));
            }

            return new LabServers(started.ToImmutable(), syslog);
        }
        catch
        {
            await new LabServers(started.ToImmutable(), syslog).DisposeAsync().ConfigureAwait(false);
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

    /// <summary>The NFS server, and the port that says it is ready.</summary>
    internal static (ToolCommand Command, ListeningPort? Port) Ganesha { get; } = (
        new ToolCommand("ganesha.nfsd", "-F", "-f", $"{LabRoot.Configuration}/ganesha/ganesha.conf", "-p", "/run/ganesha/pid", "-L", "STDOUT"),
        new ListeningPort(Tcp: true, 2049));

    /// <summary>Tells clients the ports of the NFS server.</summary>
    internal static (ToolCommand Command, ListeningPort? Port) PortMapper(IPAddress address)
        => (new ToolCommand("rpcbind", "-f", "-h", $"{address}"), new ListeningPort(Tcp: false, 111));

    private static IEnumerable<(ToolCommand Command, ListeningPort? Port)> Commands(LabRoot root, string configuration, ImmutableArray<IPAddress> addresses, ImmutableArray<string> bridges)
    {
        File.WriteAllText(Path.Combine(root.Directory, "var/lib/dhcp/leases"), "");
        File.WriteAllText(Path.Combine(root.Directory, "run/radvd.conf"), SilentRouter);
        yield return PortMapper(addresses[0]);
        yield return (new ToolCommand(
            "dhcpd", "-4", "-f", "-d", "-cf", $"{LabRoot.Configuration}/dhcp/dhcpd.conf", "-lf", "/var/lib/dhcp/leases", "-pf", "/run/dhcpd.pid").With([.. bridges]),
            new ListeningPort(Tcp: false, 67));
        yield return (new ToolCommand("in.tftpd", "--foreground", "-v").With([.. TftpdCommandLine.ReadArguments(Path.Combine(configuration, "default/tftpd-hpa"))]),
            new ListeningPort(Tcp: false, 69));
        // The boot server's listens at its own address alone; the daily server is a machine of its own.
        foreach (var other in addresses.Skip(1))
        {
            yield return (new ToolCommand("in.tftpd", "--foreground", "-v").With([.. TftpdCommandLine.ReadArguments(Path.Combine(configuration, "default/tftpd-hpa"), other)]), null);
        }

        yield return Ganesha;
        yield return (new ToolCommand("radvd", "--nodaemon", "--config=/run/radvd.conf", "--pidfile=/run/radvd.pid", "--logmethod=stderr"), null);
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
