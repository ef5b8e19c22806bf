using System.Net;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>Configuration of isc-dhcp-server: subnets, hosts, and the network loader for each kind of firmware.</summary>
internal static class DhcpdConf
{
    /// <summary>The file's lines.</summary>
    public static IEnumerable<string> Render(Site site) =>
    [
        "ddns-update-style none;",
        "default-lease-time 3600;",
        "max-lease-time 86400;",
        // A machine's firmware sends a client id and its kernel none: by MAC both have one address, and a range lasts for as many
        // hosts as it has addresses.
        "ignore-client-uids true;",
        "option arch code 93 = unsigned integer 16;",
        .. PxeClass,
        .. site.Subnets.SelectMany(s => SubnetLines(site, s)),
        .. Own(site),
        .. Hosts(site),
    ];

    // BIOS ROMs want to hear that the file named is all there is, and no multicast or boot server to discover. UEFI finds
    // that out by itself, and would take these options for a menu of boot servers.
    private static readonly string[] PxeClass =
    [
        "option space PXE;",
        "option PXE.mtftp-ip code 1 = ip-address;",
        "option PXE.discovery-control code 6 = unsigned integer 8;",
        "class \"pxe-bios\" {",
        "  match if substring(option vendor-class-identifier, 0, 9) = \"PXEClient\" and option arch = 00:00;",
        "  option vendor-class-identifier \"PXEClient\";",
        "  vendor-option-space PXE;",
        "  option PXE.mtftp-ip 0.0.0.0;",
        "  option PXE.discovery-control 8;",
        "}",
    ];

    // dhcpd does not start on a machine none of whose own addresses it has a subnet for, even where all clients come
    // through relays.
    private static IEnumerable<string> Own(Site site)
        => site.Subnets.Any(s => s.Network.Contains(site.BootServer)) ? [] : [$"subnet {site.BootServer} netmask 255.255.255.255 {{", "}"];

    // For machines that the site does not list: an address where there is a range, a loader where there is a menu for them.
    private static IEnumerable<string> SubnetLines(Site site, Subnet subnet) =>
    [
        $"subnet {subnet.Network.BaseAddress} netmask {Netmask(subnet.Network)} {{",
        .. subnet.Router is { } router ? [$"  option routers {router};"] : Array.Empty<string>(),
        .. subnet.NameServers.IsDefaultOrEmpty ? Array.Empty<string>() : [$"  option domain-name-servers {string.Join(", ", subnet.NameServers)};"],
        .. subnet.Domain is { } domain ? [$"  option domain-name {Quote(domain)};"] : Array.Empty<string>(),
        .. subnet.Range is { } range
            ?
            [
                "  authoritative;",
                "  pool {",
                $"    range {range.First} {range.Last};",
                "    allow unknown-clients;",
                .. site.DefaultProfile is null ? [] : Loader(site).Select(l => "    " + l),
                "  }",
            ]
            : new[] { "  deny unknown-clients;" },
        "}",
    ];

    private static IEnumerable<string> Hosts(Site site) => site.Hosts.IsDefaultOrEmpty ? [] :
    [
        "group {",
        .. Loader(site).Select(l => "  " + l),
        .. site.Hosts.SelectMany(h => h.Macs.Select((mac, index) => new[]
        {
            // A name with a dot is no host's.
            $"  host {h.Name}{(index == 0 ? "" : $".card{index + 1}")} {{",
            $"    hardware ethernet {MacText.Of(mac)};",
            $"    fixed-address {h.Address};",
            $"    option host-name {Quote(h.Name)};",
            "  }",
        })).SelectMany(lines => lines),
        "}",
    ];

    // The daily server, where there is one, hands out the loader and the first menu. 00:06 is 32-bit UEFI: we have none.
    private static IEnumerable<string> Loader(Site site) =>
    [
        $"next-server {site.Daily?.Address ?? site.BootServer};",
        "if not exists arch or option arch = 00:00 {",
        $"  filename {Quote(GrubImages.BiosFile)};",
        "} elsif option arch = 00:07 or option arch = 00:09 {",
        $"  filename {Quote(GrubImages.EfiFile)};",
        "}",
    ];

    private static IPAddress Netmask(IPNetwork network)
    {
        var bits = network.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - network.PrefixLength);
        return new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
    }

    // What comes here was checked to hold no quote, backslash or control character.
    private static string Quote(string text) => $"\"{text}\"";
}
