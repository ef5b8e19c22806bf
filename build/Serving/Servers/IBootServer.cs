using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Servers;

/// <summary>One of the servers that clients boot from.</summary>
internal interface IBootServer
{
    /// <summary>What init knows it as.</summary>
    Service Service { get; }

    /// <summary>When the one that runs was started; null where none does.</summary>
    DateTime? RunningSince { get; }

    /// <summary>Whether it reads a file.</summary>
    bool Reads(string place);

    /// <summary>Whether it reads one of its files again when it is told to, and goes on with its clients; all others it reads when it starts.</summary>
    bool ReadsAgain(string place) => false;

    /// <summary>Tells it to.</summary>
    Task ReadAgainAsync(StageContext stage) => throw new NotSupportedException($"{Service.Name} reads its files only when it starts");

    /// <summary>Asks it, as a client would, for what it is there for.</summary>
    /// <returns>What is wrong, with the cure; empty where it does its work.</returns>
    Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage);

    /// <summary>What is not wrong with it, and a person should know.</summary>
    IEnumerable<Diagnostic> Notes(Site site) => [];

    /// <summary>Those of a site, in the order in which they are started.</summary>
    static ImmutableArray<IBootServer> Of(Site site) => [new Portmapper(), Nfs(site.NfsServer), new TftpServer(), new DhcpServer()];

    /// <summary>The NFS server that a site does not run. Two cannot: both would answer for the same exports.</summary>
    static IBootServer Unwanted(Site site) => Nfs(site.NfsServer is NfsServer.Ganesha ? NfsServer.Kernel : NfsServer.Ganesha);

    private static IBootServer Nfs(NfsServer which) => which is NfsServer.Ganesha ? new GaneshaServer() : new KernelNfsServer();
}
