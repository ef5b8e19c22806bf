using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Nfs;

/// <summary>rpcbind: tells clients of NFS version 3 the ports of the NFS server.</summary>
internal sealed class Portmapper : IBootServer
{
    /// <summary>Where it listens.</summary>
    public const string Socket = "/etc/systemd/system/rpcbind.socket.d/dom0image.conf";

    private static readonly ListeningPort Port = new(Tcp: true, 111);

    /// <inheritdoc/>
    public string Kind => "NFS server";

    /// <inheritdoc/>
    public Service Service { get; } = new("rpcbind", ["rpcbind.service", "rpcbind.socket"]);

    /// <inheritdoc/>
    public ImmutableArray<ServerFile> Files { get; } = [new(Socket, RenderSocket, ServerFileCheck.Unit(Socket))];

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named("rpcbind") is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => Task.FromResult<ImmutableArray<Diagnostic>>(Port.IsOpen(Environment.ProcessId) ? [] : [new Diagnostic("no portmapper listens on port 111: NFS clients ask it for the ports of the others")]);

    /// <inheritdoc/>
    public IEnumerable<ServerInLab> InLab(LabGround lab)
    {
        lab.Make("/run/rpcbind");
        yield return new ServerInLab(new ToolCommand("rpcbind", "-f", "-h", $"{lab.Addresses[0]}"), Port with { Tcp = false });
    }

    // Has systemd open its port at the boot server's address and the machine's own; Debian's unit opens it at each address there
    // is. So does rpcbind itself for IPv6 where it is given no socket of that (1.2.6). Under other inits it is left as it is: told of
    // an address that comes late, it ends.
    private static IEnumerable<string> RenderSocket(Site site) =>
    [
        "[Socket]",
        "ListenStream=",
        "ListenDatagram=",
        "ListenStream=/run/rpcbind.sock",
        .. new[] { "127.0.0.1", "[::1]", $"{site.BootServer}" }.SelectMany(address => new[] { $"ListenStream={address}:{Port.Number}", $"ListenDatagram={address}:{Port.Number}" }),
        "# It is opened early, and the address may come late.",
        "FreeBind=yes",
    ];
}
