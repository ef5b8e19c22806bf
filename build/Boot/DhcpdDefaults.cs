using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// How isc-dhcp-server is started: its init script sources this file. It finds the interfaces when the server starts, so that
/// the text is a function of the site alone, and the same on any machine.
/// </summary>
internal static class DhcpdDefaults
{
    /// <summary>
    /// The file's lines. None begins with <c>INTERFACESv4=</c>: the package's scripts, when it is upgraded, put into such a line
    /// what the variable was when they sourced the file.
    /// </summary>
    public static IEnumerable<string> Render(Site site) =>
    [
        "# The interfaces with an address of these networks; no DHCPv6.",
        "served=",
        $"for network in {string.Join(' ', Networks(site))}; do",
        // LINK: INTERFACE inet ADDRESS ...
        "  for interface in $(ip -o -4 address show to \"$network\" | while read -r _ interface _; do echo \"$interface\"; done); do",
        "    case \" $served \" in",
        "      *\" $interface \"*) ;;",
        "      *) served=\"${served:+$served }$interface\" ;;",
        "    esac",
        "  done",
        "done",
        "# Where there is none, empty variables would start the server on all interfaces, and one for IPv6. No interface can have a",
        "# name as long as this one: dhcpd does not start, and its log says why.",
        $"INTERFACESv6=\"\" INTERFACESv4=\"${{served:-{NoInterface(site)}}}\"",
        "unset served network interface",
    ];

    private static string NoInterface(Site site) => $"no-interface-has-an-address-of-{string.Join("-or-", Networks(site))}";

    // The boot server's own too: where all clients come through routers it is in none of the subnets.
    private static IEnumerable<string> Networks(Site site)
        => site.Subnets.Select(s => $"{s.Network}").Concat(site.Subnets.Any(s => s.Network.Contains(site.BootServer)) ? [] : [$"{site.BootServer}/32"]);
}
