using System.Collections.Immutable;
using System.Net;
using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes;

/// <summary>Where an image is served. Read from <c>recipes/sites/NAME.yaml</c>; everything in it was checked when it exists.</summary>
internal sealed record Site
{
    /// <summary>The file's name without <c>.yaml</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the file that it was read from.</summary>
    public required string File { get; init; }

    /// <summary>Address of the boot server: TFTP and NFS.</summary>
    public required IPAddress BootServer { get; init; }

    /// <summary>The server of the daily menu when it is another machine (the Howto's infolab); null for one machine.</summary>
    public DailyServer? Daily { get; init; }

    /// <summary>Subnets that are served; at least one.</summary>
    public required ImmutableArray<Subnet> Subnets { get; init; }

    /// <summary>Hosts, each with its own menu.</summary>
    public ImmutableArray<BootHost> Hosts { get; init; } = [];

    /// <summary>What a host can do when it boots, by name; at least one.</summary>
    public required ImmutableArray<BootProfile> Profiles { get; init; }

    /// <summary>Profile of hosts that the site does not list; null to offer them nothing.</summary>
    public string? DefaultProfile { get; init; }

    /// <summary>Password for the menu's protected entries and its editor; null for none.</summary>
    public MenuPasswordHash? MenuPasswordHash { get; init; }

    /// <summary>How root logs in on the clients.</summary>
    public required RootLogin RootLogin { get; init; }

    /// <summary>Seconds that menus wait.</summary>
    public int MenuTimeout { get; init; } = 2;

    /// <summary>Who may mount what is exported.</summary>
    public ExportAudience ExportTo { get; init; }

    /// <summary>How clients get the images of domUs.</summary>
    public ImagesExport Images { get; init; }

    /// <summary>The NFS server that the boot server runs.</summary>
    public NfsServer NfsServer { get; init; }

    /// <summary>What the exports lie on.</summary>
    public ServedStorage Storage { get; init; } = ServedStorage.Default;

    /// <summary>The site's own mirror, for recipes that name none; null for those that the build machine's apt uses.</summary>
    public DebianMirrors? Mirror { get; init; }

    /// <summary>What becomes of what a night built.</summary>
    public PublishWay Publish { get; init; }

    /// <summary>A program and its arguments, run after a night that failed; empty for none.</summary>
    public ImmutableArray<string> OnFailure { get; init; } = [];
}

/// <summary>What the target Nightly does with what it built and booted.</summary>
internal enum PublishWay
{
    /// <summary>It is left ready, and a person publishes it.</summary>
    ByHand,

    Auto,
}

/// <summary>Mirrors of the Debian archive, as a site or a user names them.</summary>
/// <param name="Debian">The archive itself: every suite but those that end in <c>-security</c>.</param>
/// <param name="Security">The archive of <c>-security</c> suites; null for the one that would be used otherwise.</param>
internal sealed record DebianMirrors(Uri Debian, Uri? Security)
{
    /// <summary>The two as <c>--mirror=</c> takes them.</summary>
    public override string ToString() => Security is null ? $"{Debian}" : $"{Debian},{Security}";
}

/// <summary>The machine that clients ask first, with the entry of the day.</summary>
/// <param name="Address">Its TFTP address.</param>
/// <param name="Title">Title of its entry, such as <c>Terminal</c>.</param>
/// <param name="Kernel">Path of its kernel in its TFTP area.</param>
/// <param name="Initrd">Path of its initial RAM disk; null for none.</param>
/// <param name="Options">Kernel command line.</param>
internal sealed record DailyServer(IPAddress Address, string Title, string Kernel, string? Initrd, ImmutableArray<BootOption> Options);

/// <summary>A subnet of clients.</summary>
/// <param name="Network">Such as 192.168.0.0/24.</param>
/// <param name="Router">Default gateway; null for none.</param>
/// <param name="NameServers">DNS servers.</param>
/// <param name="Domain">DNS domain; null for none.</param>
/// <param name="Range">First and last address for unlisted hosts; null for none.</param>
internal sealed record Subnet(IPNetwork Network, IPAddress? Router, ImmutableArray<IPAddress> NameServers, string? Domain, AddressRange? Range)
{
    /// <summary>Where the site says its range.</summary>
    public SourceLocation? RangeWhere { get; init; }
}

/// <summary>Addresses from first to last.</summary>
internal sealed record AddressRange(IPAddress First, IPAddress Last)
{
    /// <summary>Whether an address is one of them.</summary>
    public bool Contains(IPAddress address) => Ipv4.Number(First) <= Ipv4.Number(address) && Ipv4.Number(address) <= Ipv4.Number(Last);
}

/// <summary>A client.</summary>
/// <param name="Name">Host name; one DNS label.</param>
/// <param name="Mac">Address of the NIC that boots; the first of them where it has several.</param>
/// <param name="Address">Fixed address, inside one of the subnets.</param>
/// <param name="Profile">What it boots; the name of a profile.</param>
internal sealed record BootHost(string Name, MacAddress Mac, IPAddress Address, string Profile)
{
    /// <summary>Addresses of more NICs that it may boot from.</summary>
    public ImmutableArray<MacAddress> OtherMacs { get; init; } = [];

    /// <summary>Addresses of all NICs that it may boot from.</summary>
    public IEnumerable<MacAddress> Macs => OtherMacs.Prepend(Mac);

    /// <summary>The interface that its root comes over, as the kernel names it; null for the one that answers first, which then has to be one of its NICs.</summary>
    public string? Interface { get; init; }

    /// <summary>Whether its first menu's default is the dom0 entry in place of the daily one. Only with a daily server.</summary>
    public bool Dom0ByDefault { get; init; }

    /// <summary>Kernel flavour in place of the profile's; null for the profile's.</summary>
    public string? Flavour { get; init; }

    /// <summary>Where the site says so.</summary>
    public SourceLocation? Where { get; init; }
}

/// <summary>What a host does when it boots.</summary>
/// <param name="Name">Such as <c>dom0</c> or <c>dom0-noapic</c>; file name of its menu.</param>
/// <param name="Title">Title of its menu entry.</param>
/// <param name="Flavour">Kernel flavour of the recipe; null for the recipe's first that fits.</param>
/// <param name="Xen">Whether the kernel runs under the hypervisor.</param>
/// <param name="Dom0Memory">Memory of dom0, as Xen takes it, such as <c>dom0_mem=512M,max:512M</c>; null when not under Xen or for Xen's own default.</param>
/// <param name="KernelOptions">Added to the kernel's command line, such as <c>noapic</c>.</param>
/// <param name="XenOptions">Added to the hypervisor's command line.</param>
internal sealed record BootProfile(
    string Name, string Title, string? Flavour, bool Xen, BootOption? Dom0Memory, ImmutableArray<BootOption> KernelOptions, ImmutableArray<BootOption> XenOptions)
{
    /// <summary>Serial console for GRUB, Xen and the kernel; null for the screen only.</summary>
    public SerialLine? Serial { get; init; }

    /// <summary>Where the site says so.</summary>
    public SourceLocation? Where { get; init; }
}

/// <summary>
/// How root logs in on the clients. With neither a hash nor leave to be empty the password is locked: that is what the site
/// says in as many words, or root has authorized keys.
/// </summary>
/// <param name="PasswordHash">Hash for <c>/etc/shadow</c>, also when the site named a file that holds it; null for a locked or empty password.</param>
/// <param name="AuthorizedKeys">Lines for <c>authorized_keys</c>.</param>
/// <param name="EmptyPasswordAllowed">Root logs in on the console with an empty password.</param>
internal sealed record RootLogin(CryptHash? PasswordHash, ImmutableArray<string> AuthorizedKeys, bool EmptyPasswordAllowed);
