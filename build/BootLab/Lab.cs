using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Dom0Image.BootLab.Channel;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Servers;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab;

/// <summary>What a lab serves.</summary>
/// <param name="Directory">An empty work directory; it holds the logs afterwards.</param>
/// <param name="Configuration">The servers' generated configuration: <c>PREFIX/etc</c>.</param>
/// <param name="Storage">What it exports.</param>
/// <param name="Mounts">What the servers see at <c>/tftpboot</c>.</param>
/// <param name="Addresses">Addresses of the servers, the boot server's first, each with its network's prefix length.</param>
/// <param name="Clients">How many clients it has room for.</param>
internal sealed record LabSetup(
    string Directory,
    string Configuration,
    LabStorage Storage,
    ImmutableArray<LabMount> Mounts,
    ImmutableArray<(IPAddress Address, int PrefixLength)> Addresses,
    int Clients)
{
    /// <summary>The router's address on another network, on which clients have their second cards; null for none.</summary>
    public (IPAddress Address, int PrefixLength)? OtherNetwork { get; init; }
}

/// <summary>
/// A boot server and its clients on a network of their own, inside this machine. Disposing it, or the end of this
/// process, takes all of it away.
/// </summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly LabNamespace _inside;
    private readonly Acceleration _acceleration;
    private readonly LabSetup _setup;

    private Lab(LabNamespace inside, LabNetwork network, LabBootServer servers, LabChannel channel, Acceleration acceleration, LabSetup setup)
    {
        _inside = inside;
        Channel = channel;
        Network = network;
        Servers = servers;
        _acceleration = acceleration;
        _setup = setup;
    }

    /// <summary>Where all of it is.</summary>
    internal LabNamespace Inside => _inside;

    public LabNetwork Network { get; }

    public LabBootServer Servers { get; }

    /// <summary>Its own way to its clients.</summary>
    public LabChannel Channel { get; }

    /// <summary>Where serial and server logs are.</summary>
    public string Logs => LogsOf(_setup);

    /// <summary>Makes the network and starts the servers.</summary>
    /// <param name="setup">What it serves.</param>
    /// <param name="tools">Runs tools.</param>
    /// <param name="acceleration">How clients are run.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="Diagnostics.BuildFailedException">A server does not start, or its exports are no border.</exception>
    public static async Task<Lab> StartAsync(LabSetup setup, ToolRunner tools, Acceleration acceleration, CancellationToken cancellation)
    {
        System.IO.Directory.CreateDirectory(LogsOf(setup));
        var clock = Stopwatch.StartNew();
        var inside = await setup.Storage.EnterAsync(tools, cancellation).ConfigureAwait(false);
        try
        {
            var network = await LabNetwork.CreateAsync(inside, setup.Addresses, setup.Clients, cancellation, setup.OtherNetwork).ConfigureAwait(false);
            ImmutableArray<LabMount> mounts = [.. setup.Mounts, new LabMount(setup.Configuration, LabRoot.Configuration)];
            var root = await LabRoot.CreateAsync(inside, Path.Combine(setup.Directory, "root"), mounts, cancellation).ConfigureAwait(false);
            await setup.Storage.ServeAsync(inside, root, cancellation).ConfigureAwait(false);
            var servers = await LabBootServer.StartAsync(inside, root, setup.Configuration, [.. setup.Addresses.Select(a => a.Address)], LogsOf(setup), clock, setup.OtherNetwork is null ? [LabNetwork.Bridge] : [LabNetwork.Bridge, LabNetwork.OtherBridge], cancellation).ConfigureAwait(false);
            var channel = LabChannel.Open(inside, setup.Addresses[0].Address);
            return new Lab(inside, network, servers, channel, acceleration, setup);
        }
        catch
        {
            await inside.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Switches a client on.</summary>
    /// <param name="name">Its name, for the log.</param>
    /// <param name="index">Which tap it gets, from 0.</param>
    /// <param name="mac">Its card's address.</param>
    /// <param name="hardware">What it is made of.</param>
    public Task<LabClient> SwitchOnAsync(string name, int index, MacAddress mac, ClientHardware hardware)
        => LabClient.StartAsync(_inside, hardware, index, mac, _acceleration, Path.Combine(Logs, $"serial-{name}.log"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Channel.DisposeAsync().ConfigureAwait(false);
            await Servers.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // With it goes all that still runs or is mounted inside.
            await _inside.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static string LogsOf(LabSetup setup) => Path.Combine(setup.Directory, "logs");
}
