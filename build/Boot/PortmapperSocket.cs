using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// Has systemd open rpcbind's port at the boot server's address alone, and for the machine itself; Debian's unit opens it at all.
/// Where rpcbind is given no socket of IPv6's it opens one, at all (1.2.6). Under other inits rpcbind listens at all: it ends where its address comes late.
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
