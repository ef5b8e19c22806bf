using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Servers;

/// <summary>rpcbind: tells clients the ports of the NFS server.</summary>
internal sealed class Portmapper : IBootServer
{
    private static readonly ListeningPort Port = new(Tcp: true, 111);

    /// <inheritdoc/>
    public Service Service => Service.Rpcbind;

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named("rpcbind") is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public bool Reads(string place) => place is ServerPlaces.PortmapperSocket;

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => Task.FromResult<ImmutableArray<Diagnostic>>(Port.IsOpen(Environment.ProcessId) ? [] : [new Diagnostic("no portmapper listens on port 111: NFS clients ask it for the ports of the others")]);
}
