using System.Collections.Immutable;
using System.Net;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// What is exported over NFS, for either server. Generations are exported together, so that a new one needs no new export
/// and no restart: clients mount <c>ID/root</c> below it.
/// </summary>
internal static class NfsExports
{
    private const int AddressBits = 32;

    // What clients ask rpcbind for; one number for both servers, so that a firewall can name it.
    private const int MountPort = 20048;

    // How long a client that says nothing keeps its locks; it says something every third of that.
    private const int LeaseSeconds = 60;

    /// <summary>
    /// Lines for <c>/etc/exports.d</c>. 'sync', since a crash of the server must not cost a domU its disk; 'mountpoint', so that
    /// the empty directory beneath is not exported while the file system is not mounted, or the one that it lies on could be reached.
    /// </summary>
    /// <remarks>Addresses have a prefix length, or exportfs asks the DNS for the name of each.</remarks>
    public static IEnumerable<string> RenderKernelServer(Site site)
    {
        var border = site.Storage.SharedAcceptedFor is null ? ",mountpoint" : "";
        return Exports(site).Select(e => $"{e.Path} -{(e.Writable ? "rw" : "ro")},sync,no_root_squash,no_subtree_check{border}"
            + string.Concat(e.Clients.Select(c => $" \\\n  {c}")));
    }

    /// <summary>Lines for <c>/etc/nfs.conf.d</c>: where the kernel's server listens. Its mount daemon can be told a port, but no address.</summary>
    public static IEnumerable<string> RenderKernelServerSettings(Site site) =>
    [
        "[nfsd]",
        $"host={site.BootServer}",
        "vers3=y",
        $"vers4={(HasLocks(site) ? 'y' : 'n')}",
        .. HasLocks(site) ? new[] { $"lease-time={LeaseSeconds}" } : [],
        "[mountd]",
        $"port={MountPort}",
    ];

    /// <summary>What is exported, for nfs-ganesha.</summary>
    public static IEnumerable<string> RenderGanesha(Site site) => Exports(site).SelectMany((e, index) => Ganesha(index + 1, e));

    /// <summary>
    /// Lines for nfs-ganesha: NFSv3, which is what the kernel mounts its root with, without locks. Domains' disks are mounted by NFSv4,
    /// whose locks end with the client that holds them; by NFSv3 as well, for clients that still run from a generation that knows no other.
    /// </summary>
    public static IEnumerable<string> RenderGaneshaSettings(Site site) =>
    [
        "NFS_CORE_PARAM {",
        $"  Protocols = {(HasLocks(site) ? "3, 4" : "3")};",
        $"  Bind_addr = {site.BootServer};",
        "  NFS_Port = 2049;",
        $"  MNT_Port = {MountPort};",
        "  Enable_NLM = false;",
        "  Enable_RQUOTA = false;",
        "}",
        .. HasLocks(site) ? Locks : [],
        // A place without a slash is beside this file.
        $"%include \"{Path.GetFileName(ServerPlaces.GaneshaExports)}\"",
    ];

    // Owners as numbers: nobody's names are known on both ends.
    private static readonly string[] Locks =
    [
        "NFSv4 {",
        $"  Lease_Lifetime = {LeaseSeconds};",
        "  Minor_Versions = 0;",
        "  Only_Numeric_Owners = true;",
        "  Delegations = false;",
        "}",
    ];

    private static bool HasLocks(Site site) => site.Images is not ImagesExport.None;

    private static IEnumerable<Export> Exports(Site site)
    {
        // In blocks, since ganesha goes through its list for each call. Seen with 5,000 entries: 0.05 ms for a call of the first
        // host, 0.6 ms for one of the last; a client's boot takes some thousand. exportfs reads as many for both exports in 0.8 s
        // (nfs-utils 2.6.2), the kernel's calls take no longer than with a few, and clients read on meanwhile.
        var clients = site.ExportTo is ExportAudience.Hosts ? AddressBlocks.Of(site.Hosts.Select(h => h.Address)) : [.. site.Subnets.Select(s => s.Network)];

        // The boot server may always read generations: '--target=Serve' asks it for the root, as a client does.
        ImmutableArray<IPNetwork> readers = clients.Any(c => c.Contains(site.BootServer)) ? clients : [.. clients, new IPNetwork(site.BootServer, AddressBits)];
        yield return new Export(Places.Generations, Writable: false, readers);
        if (site.Images is not ImagesExport.None)
        {
            yield return new Export(Places.DomUImages, site.Images is ImagesExport.ReadWrite, clients) { Locks = true };
        }
    }

    // PrivilegedPort: or whoever has an account on a client says that he is root there. The kernel's server has it by default.
    private static IEnumerable<string> Ganesha(int id, Export export) =>
    [
        "EXPORT {",
        $"  Export_Id = {id};",
        $"  Path = {export.Path};",
        $"  Pseudo = {export.Path};",
        $"  Protocols = {export.Protocols};",
        "  Transports = TCP;",
        "  SecType = sys;",
        "  Access_Type = None;",
        "  CLIENT {",
        $"    Clients = {string.Join(",\n      ", export.Clients)};",
        $"    Access_Type = {(export.Writable ? "RW" : "RO")};",
        $"    Protocols = {export.Protocols};",
        "    Squash = No_Root_Squash;",
        "    PrivilegedPort = true;",
        "  }",
        "  FSAL { Name = VFS; }",
        "}",
    ];

    private sealed record Export(string Path, bool Writable, ImmutableArray<IPNetwork> Clients)
    {
        public bool Locks { get; init; }

        public string Protocols => Locks ? "3, 4" : "3";
    }
}
