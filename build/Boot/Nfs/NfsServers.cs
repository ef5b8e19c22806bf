using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Nfs;

/// <summary>The NFS servers that there are, by the site's words. Two cannot run: both would answer for the same exports.</summary>
internal static class NfsServers
{
    private static readonly ImmutableArray<(NfsServer Word, IBootServer Server)> ByWord = [(NfsServer.Ganesha, new Ganesha()), (NfsServer.Kernel, new KernelNfs())];

    public static ImmutableArray<IBootServer> All { get; } = [.. ByWord.Select(one => one.Server)];

    /// <summary>Their units, as lines of other units name them.</summary>
    public static string Units => string.Join(' ', All.Select(server => server.Service.Unit));

    /// <summary>The one that a site runs.</summary>
    public static IBootServer Of(Site site) => ByWord.Single(one => one.Word == site.NfsServer).Server;
}
