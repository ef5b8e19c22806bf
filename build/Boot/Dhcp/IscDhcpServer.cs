using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dom0Image.Boot.Loaders;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Dhcp;

/// <summary>
/// isc-dhcp-server. It answers nobody on its own machine, so that it is not asked for an address: its command line, its port and
/// the time of its start tell that it answers with our file.
/// </summary>
internal sealed partial class IscDhcpServer : IBootServer
{
    /// <summary>What it serves.</summary>
    public const string Conf = "/etc/dhcp/dhcpd.conf";

    /// <summary>How it is started.</summary>
    public const string Defaults = "/etc/default/isc-dhcp-server";

    private const string Program = "dhcpd";

    // Where it keeps its leases, if its command line does not say.
    private const string DefaultLeases = "/var/lib/dhcp/dhcpd.leases";

    // On a network without the site's addresses: then no interface is served, and not each.
    private const string LookAtDefaults =
        """
        if [ -z "${INTERFACESv4:-}" ]; then
          echo 'INTERFACESv4 is not set: it would serve each interface' >&2
          exit 1
        fi
        if [ "${INTERFACESv6-unset}" != '' ]; then
          echo 'INTERFACESv6 is not set to nothing: it would start a server for IPv6' >&2
          exit 1
        fi
        """;

    private static readonly ListeningPort Port = new(Tcp: false, 67);

    /// <inheritdoc/>
    public string Kind => "DHCP server";

    /// <inheritdoc/>
    public string Purpose => "DHCP server and its check (dhcpd -t)";

    /// <summary>Its unit is made of its script.</summary>
    public Service Service { get; } = new("isc-dhcp-server", ["isc-dhcp-server.service"]);

    /// <inheritdoc/>
    public ImmutableArray<ServerFile> Files { get; } =
    [
        new(Conf, Render, new(Program, "isc-dhcp-server", (file, _) => new ToolCommand(Program, "-4", "-t", "-cf", file)))
        {
            Sense = (lines, _) => lines.Any(line => line.StartsWith("subnet ", StringComparison.Ordinal)) ? [] : ["serves no subnet"],
        },
        new(Defaults, RenderDefaults, ServerFileCheck.Defaults(LookAtDefaults)) { AsPackaged = MadeByPostinst },
    ];

    /// <inheritdoc/>
    public DateTime? RunningSince => Version4() is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage) => Task.FromResult<ImmutableArray<Diagnostic>>([.. Problems()]);

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Notes(Site site)
        => from process in Version4()
           let file = ArgumentOf(process, "-lf") ?? DefaultLeases
           where File.Exists(file)
           from full in LentAddresses.FullRanges(site, Lent(File.ReadAllText(file), DateTime.UtcNow))
           select full;

    /// <inheritdoc/>
    public IEnumerable<ServerInLab> InLab(LabGround lab)
    {
        const string Leases = "/var/lib/dhcp/leases";
        if (lab.Has(Conf))
        {
            lab.Write(Leases);
            yield return new ServerInLab(new ToolCommand(Program, "-4", "-f", "-d", "-cf", lab.Inside(Conf), "-lf", Leases, "-pf", "/run/dhcpd.pid").With([.. lab.Networks]), Port);
        }
    }

    /// <summary>The lines of its configuration: subnets, hosts, and the network loader for each kind of firmware.</summary>
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
        $"subnet {subnet.Network.BaseAddress} netmask {Ipv4.Netmask(subnet.Network)} {{",
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
            $"    hardware ethernet {mac};",
            $"    fixed-address {h.Address};",
            $"    option host-name {Quote(h.Name)};",
            "  }",
        })).SelectMany(lines => lines),
        "}",
    ];

    // The daily server, where there is one, hands out the loader and the first menu.
    private static IEnumerable<string> Loader(Site site) =>
    [
        $"next-server {site.Daily?.Address ?? site.BootServer};",
        .. NetworkLoaders.All.SelectMany((loader, index) => new[]
        {
            $"{(index == 0 ? "" : "} els")}if {(loader.ForUntold ? "not exists arch or " : "")}{string.Join(" or ", loader.Architectures.Select(code => $"option arch = {code >> 8:x2}:{code & 0xff:x2}"))} {{",
            $"  filename {Quote(loader.File)};",
        }),
        "}",
    ];

    // What comes here the reader let pass: it holds no quote, backslash or control character.
    private static string Quote(string text) => $"\"{text}\"";

    // Its init script sources this file. It finds the interfaces when the server starts, so that the text is a function of the site
    // alone, and the same on any machine. None of its lines begins with INTERFACESv4=: the package's scripts, when it is upgraded,
    // put into such a line what the variable was when they sourced the file.
    private static IEnumerable<string> RenderDefaults(Site site) =>
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
        $"INTERFACESv6=\"\" INTERFACESv4=\"${{served:-no-interface-has-an-address-of-{string.Join("-or-", Networks(site))}}}\"",
        "unset served network interface",
    ];

    // The boot server's own too: where all clients come through routers it is in none of the subnets.
    private static IEnumerable<string> Networks(Site site)
        => site.Subnets.Select(s => $"{s.Network}").Concat(site.Subnets.Any(s => s.Network.Contains(site.BootServer)) ? [] : [$"{site.BootServer}/32"]);

    // The same in Debian 12 and 13.
    private static string? MadeByPostinst(DebconfAnswers answers)
        => answers.Get("isc-dhcp-server/interfaces") is { } interfaces
            ? $"""
                # Defaults for isc-dhcp-server (sourced by /etc/init.d/isc-dhcp-server)

                # Path to dhcpd's config file (default: /etc/dhcp/dhcpd.conf).
                #DHCPDv4_CONF=/etc/dhcp/dhcpd.conf
                #DHCPDv6_CONF=/etc/dhcp/dhcpd6.conf

                # Path to dhcpd's PID file (default: /var/run/dhcpd.pid).
                #DHCPDv4_PID=/var/run/dhcpd.pid
                #DHCPDv6_PID=/var/run/dhcpd6.pid

                # Additional options to start dhcpd with.
                #	Don't use options -cf or -pf here; use DHCPD_CONF/ DHCPD_PID instead
                #OPTIONS=""

                # On what interfaces should the DHCP server (dhcpd) serve DHCP requests?
                #	Separate multiple interfaces with spaces, e.g. "eth0 eth1".
                INTERFACESv4="{interfaces}"
                INTERFACESv6=""

                """
            : null;

    private static IEnumerable<Diagnostic> Problems()
    {
        var running = Version4();
        if (running.IsEmpty)
        {
            yield return new Diagnostic("no DHCP server runs: hosts get no address");
            yield break;
        }

        foreach (var process in running)
        {
            if ((ArgumentOf(process, "-cf") ?? Conf) is var file && file != Conf)
            {
                yield return new Diagnostic($"the DHCP server (process {process.Id}) reads {file}")
                {
                    Expected = Conf,
                    Hint = $"If {Defaults} says so, take ours; if somebody started it by hand: kill {process.Id}. Then run this again.",
                };
            }
            else if (process.Started < FileStatus.ChangedAt(file))
            {
                yield return new Diagnostic($"the DHCP server (process {process.Id}) was started before {file} was changed, and has not read it");
            }
        }

        if (!Port.IsOpen(Environment.ProcessId))
        {
            yield return new Diagnostic("the DHCP server runs, but nothing listens on port 67");
        }
    }

    private static ImmutableArray<ServerProcess> Version4() => [.. ServerProcess.Named(Program).Where(p => !p.Arguments.Contains("-6"))];

    private static string? ArgumentOf(ServerProcess process, string option)
        => process.Arguments.IndexOf(option) is >= 0 and var at && at + 1 < process.Arguments.Length ? process.Arguments[at + 1] : null;

    /// <summary>The addresses that are lent, by its file of leases. What is said last of an address holds.</summary>
    /// <param name="leases">The file's text.</param>
    /// <param name="now">In UTC.</param>
    internal static ImmutableHashSet<IPAddress> Lent(string leases, DateTime now)
        => [.. Lease().Matches(leases)
            .GroupBy(m => m.Groups["address"].Value, m => m.Groups["body"].Value)
            .Where(l => IsActive(l.Last(), now))
            .Select(l => IPAddress.Parse(l.Key))];

    private static bool IsActive(string body, DateTime now)
        => body.Contains("\n  binding state active;", StringComparison.Ordinal)
            && Ends().Match(body) is { Success: true } ends
            && (ends.Groups["time"] is not { Success: true } time
                || DateTime.ParseExact(time.Value, "yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) > now);

    [GeneratedRegex(@"^lease (?<address>[0-9.]+) \{(?<body>.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Lease();

    // The day of the week stands before the date.
    [GeneratedRegex(@"\n  ends (never|[0-6] (?<time>[0-9/]+ [0-9:]+));")]
    private static partial Regex Ends();
}
