using System.Collections.Immutable;
using System.Net;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Nfs;

/// <summary>
/// A directory that is exported over NFS, by either server. Generations are exported together, so that a new one needs no new export
/// and no restart: clients mount <c>ID/root</c> below it.
/// </summary>
/// <param name="Path">The directory.</param>
/// <param name="Writable">Whether clients may write.</param>
/// <param name="Clients">Who may mount it.</param>
internal sealed record NfsExport(string Path, bool Writable, ImmutableArray<IPNetwork> Clients)
{
    /// <summary>What clients ask rpcbind for; one number for both servers, so that a firewall can name it.</summary>
    public const int MountPort = 20048;

    /// <summary>How long a client that says nothing keeps its locks; it says something every third of that.</summary>
    public const int LeaseSeconds = 60;

    private const int AddressBits = 32;

    /// <summary>What is wrong where clients may write generations.</summary>
    public static string WritableGenerations => $"lets clients write to {Places.Generations}, and generations are never edited";

    /// <summary>Whether it is mounted by NFSv4 too, for the locks of domains' disks.</summary>
    public bool Locks { get; init; }

    /// <summary>Whether a site has an export with locks.</summary>
    public static bool HasLocks(Site site) => site.Images is not ImagesExport.None;

    /// <summary>The exports of a site.</summary>
    public static IEnumerable<NfsExport> Of(Site site)
    {
        // In blocks, since ganesha goes through its list for each call. Seen with 5,000 entries: 0.05 ms for a call of the first
        // host, 0.6 ms for one of the last; a client's boot takes some thousand. exportfs reads as many for both exports in 0.8 s
        // (nfs-utils 2.6.2), the kernel's calls take no longer than with a few, and clients read on meanwhile.
        var clients = site.ExportTo is ExportAudience.Hosts ? AddressBlocks.Of(site.Hosts.Select(h => h.Address)) : [.. site.Subnets.Select(s => s.Network)];

        // The boot server may always read generations: '--target=Serve' asks it for the root, as a client does.
        ImmutableArray<IPNetwork> readers = clients.Any(c => c.Contains(site.BootServer)) ? clients : [.. clients, new IPNetwork(site.BootServer, AddressBits)];
        yield return new NfsExport(Places.Generations, Writable: false, readers);
        if (HasLocks(site))
        {
            yield return new NfsExport(Places.DomUImages, site.Images is ImagesExport.ReadWrite, clients) { Locks = true };
        }
    }

    /// <summary>The directories that a server's file names.</summary>
    public static string[] NamedIn(string text)
        => text.Contains(Places.DomUImages, StringComparison.Ordinal) ? [Places.Generations, Places.DomUImages] : [Places.Generations];
}
