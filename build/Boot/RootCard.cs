using System.Net.NetworkInformation;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// Which network card a client's root comes over. The firmware reads the menu over the card that it likes; the kernel asks over all
/// cards and takes the one whose DHCP answers first. So a host may name its interface; for the others the kernel's command line
/// carries the cards that are right, which the image compares before anything else.
/// </summary>
internal static class RootCard
{
    // GRUB's own variable: the card that it read the menu over, also that of a host that is not listed.
    private const string OfMenu = "$net_default_mac";

    /// <summary>What a host's menu says that its profile's does not: two hosts that say the same can have one text. Null for nothing.</summary>
    public static string? Of(BootHost host)
        => host.Interface ?? (host.OtherMacs.IsDefaultOrEmpty ? null : string.Join(',', host.Macs.Select(Colons)));

    /// <summary>How the kernel gets its address.</summary>
    public static string Ip(BootHost? host) => host?.Interface is { } name ? $"ip=:::::{name}:dhcp" : "ip=dhcp";

    /// <summary>
    /// The word of a kernel's line in a GRUB script; null where the host or the profile's own options say what the address is from.
    /// A kernel takes a word with a dot for a module's.
    /// </summary>
    public static string? Word(BootProfile profile, BootHost? host)
        => host?.Interface is not null || profile.KernelOptions.Any(o => o.StartsWith("ip=", StringComparison.Ordinal)) ? null
            : host is { OtherMacs.IsDefaultOrEmpty: false } ? $"dom0.mac={Of(host)}"
            : $"dom0.mac={OfMenu}";

    /// <summary>A MAC as GRUB writes <c>$net_default_mac</c>, and as the kernel does.</summary>
    public static string Colons(PhysicalAddress mac) => string.Join(':', mac.GetAddressBytes().Select(b => b.ToString("x2")));
}
