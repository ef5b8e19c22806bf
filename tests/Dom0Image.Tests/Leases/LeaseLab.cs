using System.Net;
using Dom0Image.Boot.Dhcp;
using Dom0Image.BootLab.Network;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Leases;

/// <summary>
/// The real DHCP server with a site's generated file, but for short leases and its ping check, and on its network a client, which
/// has an address as the kernel gets one and the image's own program that renews it, and whoever else wants an address.
/// </summary>
internal sealed class LeaseLab : IAsyncDisposable
{
    /// <summary>How long addresses are lent for.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    private static readonly IPAddress Server = IPAddress.Parse("192.168.0.5");
    private static readonly IPAddress Relay = IPAddress.Parse("192.168.0.250");
    private static readonly MacAddress Card = MacAddress.Parse("52:54:00:00:00:42");

    private readonly TempDirectory _temp = new();
    private readonly ToolRunner _tools = new();
    private readonly List<IAsyncDisposable> _running = [];
    private readonly string _kernelLog;
    private LabNamespace? _server;
    private LabNamespace? _client;
    private RunningTool? _dhcpd;

    private LeaseLab() => _kernelLog = _temp.Write("kmsg");

    /// <summary>Whoever else wants an address.</summary>
    public DhcpTaker Taker { get; private set; } = null!;

    /// <summary>What the client has.</summary>
    public IPAddress Address { get; private set; } = IPAddress.None;

    /// <summary>What the client's kernel was told to log.</summary>
    public string KernelLog => File.ReadAllText(_kernelLog);

    /// <summary>How things stand, by the client.</summary>
    public string State => File.Exists(StateFile) ? File.ReadAllText(StateFile).Trim() : "";

    /// <summary>The server's leases.</summary>
    public string Leases => File.ReadAllText(_temp["leases"]);

    private string StateFile => $"/proc/{_client!.ProcessId}/root/run/dom0-lease";

    /// <summary>A site that lends some addresses to hosts that it does not list.</summary>
    public static Site Site(string first, string last) => Boot.Sites.OneServer() with
    {
        Subnets = [Boot.Sites.OneServer().Subnets[0] with { Range = new AddressRange(IPAddress.Parse(first), IPAddress.Parse(last)) }],
    };

    /// <summary>Starts one, with a client that got its address.</summary>
    public static async Task<LeaseLab> StartAsync(Site site, Func<string, string>? change = null, TimeSpan? lease = null)
    {
        var lab = new LeaseLab();
        try
        {
            lab._server = await LabNamespace.StartAsync(lab._tools, default);
            await LabNetwork.CreateAsync(lab._server, [(Server, 24)], 0, default);
            await lab.ServeAsync(site, change, lease);
            lab.Taker = await OtherAsync(lab._running, lab._tools, lab._server, Relay, Server);
            lab.Address = lab.Taker.Take(Card)!;
            lab._client = await AttachAsync(lab._tools, lab._server, "client", lab.Address, Card);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody who asks for addresses, on the network of a server.</summary>
    public static async Task<DhcpTaker> OtherAsync(List<IAsyncDisposable> running, ToolRunner tools, LabNamespace server, IPAddress relay, IPAddress address)
    {
        var other = await AttachAsync(tools, server, "taker", relay, DhcpTaker.Mac(0));
        running.Add(other);
        return new DhcpTaker(other.ProcessId, relay, address);
    }

    /// <summary>Starts the server, with the files of a site.</summary>
    public async Task ServeAsync(Site site, Func<string, string>? change = null, TimeSpan? lease = null)
    {
        var file = _temp.Write("dhcpd.conf", Short((change ?? (text => text))(string.Join('\n', IscDhcpServer.Render(site)) + "\n"), lease ?? Lease));
        if (!File.Exists(_temp["leases"]))
        {
            _temp.Write("leases");
        }

        _dhcpd = await _server!.StartAsync(new ToolCommand("dhcpd", "-4", "-f", "-d", "-cf", file, "-lf", _temp["leases"], "-pf", _temp["pid"], LabNetwork.Bridge), _ => { });
        Assert.That(() => new ListeningPort(Tcp: false, 67).IsOpen(_server.ProcessId), Is.True.After(200_000, 50));
    }

    /// <summary>Stops the server.</summary>
    public ValueTask StopServingAsync() => _dhcpd!.DisposeAsync();

    /// <summary>A server's file with leases that are short, and without the ping that hides who else has an address.</summary>
    public static string Short(string file, TimeSpan lease)
    {
        const string Time = "default-lease-time 3600;\nmax-lease-time 86400;\n";
        Assert.That(file, Does.Contain(Time));
        return file.Replace(Time, $"min-lease-time 5;\ndefault-lease-time {lease.TotalSeconds:F0};\nmax-lease-time {lease.TotalSeconds:F0};\nping-check false;\n", StringComparison.Ordinal);
    }

    /// <summary>Has the image's program renew the client's lease from now on.</summary>
    /// <param name="ip">What the kernel's command line says of the address.</param>
    public async Task RenewAsync(string ip = "ip=dhcp")
    {
        var words = _temp.Write("cmdline", $"console=tty0 {ip} root=/dev/nfs nfsroot={Server}:/opt/ondemand/generations/x/root,vers=3,tcp ro\n");
        await RunAsync("mount", "--bind", words, "/proc/cmdline");
        await RunAsync("mount", "--bind", _kernelLog, "/dev/kmsg");
        await RunAsync("mount", "-t", "tmpfs", "none", "/run");
        var program = await _client!.StartAsync(new ToolCommand("perl", Path.Combine(Checkout.Root, "overlays/base/usr/lib/dom0image/dom0-lease")), _ => { });
        _running.Add(program);
    }

    /// <summary>The client's interfaces and routes.</summary>
    public async Task<string> NetworkAsync() => await RunAsync("ip", "-4", "address") + await RunAsync("ip", "-4", "route");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Taker?.Dispose();
        foreach (var one in _running.Append(_dhcpd).Append(_client).Append(_server).OfType<IAsyncDisposable>())
        {
            await one.DisposeAsync();
        }

        _temp.Dispose();
    }

    // A machine with one card, on the server's bridge.
    private static async Task<LabNamespace> AttachAsync(ToolRunner tools, LabNamespace server, string name, IPAddress address, MacAddress card)
    {
        var machine = await LabNamespace.StartAsync(tools, default);
        await tools.RunAsync(new ToolCommand("nsenter", $"--target={server.ProcessId}", "--net", "--", "ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", $"{machine.ProcessId}"));
        await server.RunAsync(new ToolCommand("ip", "link", "set", name, "master", LabNetwork.Bridge, "up"), default);
        await machine.RunAsync(new ToolCommand("ip", "link", "set", "eth0", "address", $"{card}", "up"), default);
        await machine.RunAsync(new ToolCommand("ip", "address", "add", $"{address}/24", "brd", "+", "dev", "eth0"), default);
        return machine;
    }

    private async Task<string> RunAsync(string program, params string[] arguments) => (await _client!.RunAsync(new ToolCommand(program, arguments), default)).Output;
}
