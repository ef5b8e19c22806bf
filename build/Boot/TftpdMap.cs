using System.Text.RegularExpressions;

namespace Dom0Image.Boot;

/// <summary>Names that tftpd-hpa takes for others: its <c>--map-file</c>.</summary>
internal static class TftpdMap
{
    /// <summary>
    /// The file's lines. DHCP's option 67 ends by its length; UEFI ROMs that take it for a string with a zero at its end ask
    /// for the loader with the byte that comes after it, often 0xFF, the end of all options.
    /// </summary>
    public static IEnumerable<string> Render() =>
    [
        "# The UEFI loader, asked for with a stray byte after its name.",
        $@"r ^(/?{Regex.Escape(GrubImages.EfiFile)}).$ \1",
    ];
}
