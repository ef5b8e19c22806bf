using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// What is exported over NFS, for either server. Generations are exported together, so that a new one needs no new export
/// and no restart: clients mount <c>ID/root</c> below it.
/// </summary>
internal static class NfsExports
{
    private static readonly (string Path, bool Writable)[] Exports = [(Places.Generations, false), (Places.DomUImages, true)];

    /// <summary>Lines for <c>/etc/exports.d</c>. 'sync', since a crash of the server must not cost a domU its disk.</summary>
    public static IEnumerable<string> RenderKernelServer(Site site)
        => Exports.Select(e => $"{e.Path} {string.Join(' ', site.Subnets.Select(s => $"{s.Network}({(e.Writable ? "rw" : "ro")},sync,no_root_squash,no_subtree_check)"))}");

    /// <summary>Lines for nfs-ganesha: NFSv3, which is what the kernel mounts its root with. Clients mount with 'nolock'.</summary>
    public static IEnumerable<string> RenderGanesha(Site site) =>
    [
        "NFS_CORE_PARAM {",
        "  Protocols = 3;",
        "  NFS_Port = 2049;",
        "  MNT_Port = 20048;",
        "  Enable_NLM = false;",
        "  Enable_RQUOTA = false;",
        "}",
        .. Exports.SelectMany((e, index) => Export(site, index + 1, e.Path, e.Writable)),
    ];

    private static IEnumerable<string> Export(Site site, int id, string path, bool writable) =>
    [
        "EXPORT {",
        $"  Export_Id = {id};",
        $"  Path = {path};",
        $"  Pseudo = {path};",
        "  Protocols = 3;",
        "  Transports = TCP;",
        "  SecType = sys;",
        "  Access_Type = None;",
        "  CLIENT {",
        $"    Clients = {string.Join(", ", site.Subnets.Select(s => s.Network))};",
        $"    Access_Type = {(writable ? "RW" : "RO")};",
        "    Protocols = 3;",
        "    Squash = No_Root_Squash;",
        "  }",
        "  FSAL { Name = VFS; }",
        "}",
    ];
}
