using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// Has systemd open rpcbind's port at the boot server's address and the machine's own; Debian's unit opens it at each address there
/// is. So does rpcbind itself for IPv6 where it is given no socket of that (1.2.6). Under other inits it is left as it is: told of an
/// address that comes late, it ends.
/// </summary>
internal static class PortmapperSocket
{
    private const int Port = 111;

    /// <summary>The drop-in's lines.</summary>
    public static IEnumerable<string> Render(Site site) =>
    [
        "[Socket]",
        "ListenStream=",
        "ListenDatagram=",
        "ListenStream=/run/rpcbind.sock",
        .. new[] { "127.0.0.1", "[::1]", $"{site.BootServer}" }.SelectMany(address => new[] { $"ListenStream={address}:{Port}", $"ListenDatagram={address}:{Port}" }),
        "# It is opened early, and the address may come late.",
        "FreeBind=yes",
    ];
}
