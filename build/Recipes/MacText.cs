using System.Globalization;
using System.Net.NetworkInformation;

namespace Dom0Image.Recipes;

/// <summary>MAC addresses, read as people write them and written as the kernel, GRUB's <c>$net_default_mac</c> and dhcpd write them.</summary>
internal static class MacText
{
    /// <summary>Such as <c>52:54:00:00:01:01</c>.</summary>
    public static string Of(PhysicalAddress mac) => string.Join(':', mac.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>The address of six pairs of hex digits with colons or hyphens between them.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PhysicalAddress Parse(string text) => PhysicalAddress.Parse(text.Replace('-', ':'));
}
