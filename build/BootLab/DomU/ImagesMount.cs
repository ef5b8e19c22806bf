using System.Net;
using Dom0Image.Generations;

namespace Dom0Image.BootLab.DomU;

/// <summary>The command by which a client mounts the export of domU images.</summary>
internal static class ImagesMount
{
    /// <summary>For a shell on the client. Needs no <c>mount.nfs</c>: an image may well have none, the kernel can do without.</summary>
    /// <param name="server">The boot server.</param>
    /// <param name="place">Directory on the client.</param>
    public static string Command(IPAddress server, string place)
        => $"mount -i -t nfs -o vers=3,proto=tcp,mountproto=tcp,nolock,addr={server} {server}:{Places.DomUImages} {place}";
}
