using Dom0Image.Recipes;

namespace Dom0Image.Boot.Servers;

/// <summary>
/// What has systemd start the servers when the boot server's address is there. They fail without it, and nobody starts them again; and
/// what Debian has for it does not see every late card: seen with ifupdown 0.8.41 (Debian 12), whose wait goes by a state that a card has
/// from when its configuration begins, and is disabled as it comes.
/// </summary>
internal static class AddressWait
{
    /// <summary>Its unit.</summary>
    public const string Place = "/etc/systemd/system/dom0image-address.service";

    /// <summary>The unit's file.</summary>
    public static ServerFile File { get; } = new(Place, Render, ServerFileCheck.Unit(Place));

    /// <summary>No server, and a file of the site's.</summary>
    public static Service Service { get; } = new("dom0image-address", [Path.GetFileName(Place)]);

    // An address that does not come within minutes holds the servers up, not the machine's log-in.
    private static IEnumerable<string> Render(Site site) =>
    [
        "[Unit]",
        $"Description=Wait for the boot server's address {site.BootServer}",
        $"Before={string.Join(' ', BootServers.AtAddress.Select(server => server.Service.Unit))}",
        "",
        "[Service]",
        "Type=oneshot",
        "RemainAfterExit=yes",
        "TimeoutStartSec=5min",
        $"ExecStart=/bin/sh -c 'until ip -4 -oneline address show up to {site.BootServer} | grep -q inet; do sleep 1; done'",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ];
}
