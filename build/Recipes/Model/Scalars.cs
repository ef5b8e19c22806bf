using System.Globalization;
using System.Net;

namespace Dom0Image.Recipes.Model;

/// <summary>The single values that both recipes and sites use.</summary>
internal static class Scalars
{
    private const string Octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private const string Quad = $@"{Octet}(\.{Octet}){{3}}";
    private const string Label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    /// <summary>A Debian package's name.</summary>
    public static readonly ScalarShape<string> Package = new("package name", "xen-utils-4.20", "^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$", text => text)
    {
        HintFor = text => text.EndsWith('-') ? $"To have no '{text.TrimEnd('-')}', leave it out: packages are listed, never taken away."
            : text.IndexOfAny(['=', '/', ':']) is > 0 and var at ? $"Write '{text[..at]}': the archives decide version and architecture."
            : text.ToLowerInvariant() is var lower && lower != text ? $"Write '{lower}'." : null,
    };

    /// <summary>A directory or file name of our own: overlay, fragment, flavour, profile.</summary>
    public static readonly ScalarShape<string> Name = Text("name", "xen-generic", "^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$", " of letters, digits and . _ + -");

    /// <summary>A host's name: one DNS label with a letter in it.</summary>
    public static readonly ScalarShape<string> HostName = new("host name", "post01", $"^(?=.*[a-z]){Label}$", text => text)
    {
        Details = " of one label in lower case (no domain)",
        HintFor = text => text.Contains('.') ? "The domain belongs to the subnet's 'domain'."
            : text.Any(c => char.IsAsciiLetterUpper(c) || c == '_') ? $"Write '{text.ToLowerInvariant().Replace('_', '-')}'." : null,
    };

    /// <summary>A DNS domain.</summary>
    public static readonly ScalarShape<string> Domain = new("domain name", "lab.example.org", $@"^(?=.*[a-z]){Label}(\.{Label})*$", text => text)
    {
        HintFor = text => text.Trim('.').ToLowerInvariant() is var bare && bare != text ? $"Write '{bare}'." : null,
    };

    /// <summary>An IPv4 address; the loaders on the way speak nothing else.</summary>
    public static readonly ScalarShape<IPAddress> Address = new("IPv4 address", "192.168.0.5", $"^{Quad}$", text => IPAddress.Parse(text))
    {
        HintFor = FirstWords.OfAddress,
    };

    /// <summary>A network with its prefix length.</summary>
    public static readonly ScalarShape<IPNetwork> Network = new("IPv4 network", "192.168.0.0/24", $"^{Quad}/([8-9]|[12][0-9]|30)$", ParseNetwork)
    {
        Details = " with a prefix of 8 to 30 bits",
        HintFor = FirstWords.OfNetwork,
    };

    /// <summary>First and last address of a range.</summary>
    public static readonly ScalarShape<AddressRange> Range = new("range of addresses", "192.168.0.200-192.168.0.250", $"^{Quad} *- *{Quad}$", ParseRange)
    {
        HintFor = FirstWords.OfRange,
    };

    /// <summary>An interface of Ethernet, as the kernel names it.</summary>
    public static readonly ScalarShape<string> Interface = new("interface", "eth0", "^eth(0|[1-9][0-9]?)$", text => text)
    {
        Details = " by the kernel's own name",
        HintFor = text => text.StartsWith("en", StringComparison.Ordinal) ? "udev is not there yet: the kernel counts eth0, eth1, ... in the order in which it finds them." : null,
    };

    /// <summary>A size in bytes, with a binary unit.</summary>
    public static readonly ScalarShape<long> Size = new("size", "64M", "^[1-9][0-9]{0,11}[KMG]?$", ParseSize)
    {
        MayBeNumber = true,
        Details = " in bytes, or with K, M or G (of 1024)",
        HintFor = FirstWords.OfSize,
    };

    /// <summary>A mirror's address.</summary>
    public static readonly ScalarShape<Uri> MirrorUri = new("mirror URI", "http://mirror.example.org/debian", "^(https?://[^/@\\s]+(/[^\\s?#]*)?|(file|copy):(//)?/[^\\s?#]*)$", ParseUri)
    {
        Details = " (http, https, file or copy, without user name or password)",
        HintFor = text => text.Contains("://") ? null : "It begins with http://, https://, file:/ or copy:/.",
    };

    /// <summary>A title in a menu.</summary>
    public static readonly ScalarShape<string> Title = new("menu title", "Xen dom0 (no APIC)", "^[A-Za-z0-9(][A-Za-z0-9 .,:;()/+_#=-]{0,59}$", text => text)
    {
        MayBeNumber = true,
        Details = " of up to 60 letters, digits, spaces and . , : ; ( ) / + _ # = -",
    };

    /// <summary>A file on the TFTP server.</summary>
    public static readonly ScalarShape<string> TftpPath = new("absolute path on the TFTP server", "/kernel/ltsp", @"^(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+$", text => text)
    {
        HintFor = text => text.Length > 0 && text[0] != '/' ? $"It begins with '/': '/{text}'." : null,
    };

    /// <summary>A file on the build machine.</summary>
    public static readonly ScalarShape<string> BuildMachineFile = new("path", "/usr/share/keyrings/debian-archive-keyring.gpg", @"^[^\s\x00-\x1f]([^\x00-\x1f]*[^\s\x00-\x1f])?$", text => text)
    {
        Details = " on the build machine, absolute or seen from this file's directory,",
    };

    /// <summary>A service of an image.</summary>
    public static readonly ScalarShape<string> Service = new("service name", "smartmontools", "^(?!.*\\.service$)[A-Za-z0-9][A-Za-z0-9_.@:-]{0,127}$", text => text)
    {
        Details = ", as its init script or unit is called,",
        HintFor = text => text.EndsWith(".service", StringComparison.Ordinal) ? "Leave '.service' out." : null,
    };

    /// <summary>A reason that is told to people.</summary>
    public static readonly ScalarShape<string> Reason = new("reason", "no disk here", @"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,198}[^\s\x00-\x1f\x7f-\x9f])?$", text => text)
    {
        Details = " in words, on one line of up to 200 characters,",
    };

    private static ScalarShape<string> Text(string noun, string example, string pattern, string details = "") => new(noun, example, pattern, text => text) { Details = details };

    private static Parsed<IPNetwork> ParseNetwork(string text)
    {
        var slash = text.IndexOf('/');
        var bits = int.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture);
        var given = IPAddress.Parse(text[..slash]);
        var network = new IPNetwork(Ipv4.Address(Ipv4.Number(given) & Ipv4.Mask(bits)), bits);
        return network.BaseAddress.Equals(given) ? network : Parsed<IPNetwork>.Bad("has bits set beyond its prefix", $"Did you mean {network}?");
    }

    private static Parsed<AddressRange> ParseRange(string text)
    {
        var ends = text.Split('-', StringSplitOptions.TrimEntries).Select(IPAddress.Parse).ToArray();
        return Ipv4.Number(ends[0]) <= Ipv4.Number(ends[1]) ? new AddressRange(ends[0], ends[1]) : Parsed<AddressRange>.Bad("ends before it begins");
    }

    private static Parsed<long> ParseSize(string text)
    {
        var shift = text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        var number = long.Parse(shift == 0 ? text : text[..^1], CultureInfo.InvariantCulture);
        return number > (1L << 42 >> shift) ? Parsed<long>.Bad("is more than 4096G") : number << shift;
    }

    private static Parsed<Uri> ParseUri(string text)
    {
        // apt takes file:/srv/debian; .NET only the long form.
        var written = text.StartsWith("file:/", StringComparison.Ordinal) && !text.StartsWith("file://", StringComparison.Ordinal) ? $"file://{text[5..]}" : text;
        return Uri.TryCreate(written, UriKind.Absolute, out var uri) ? uri : Parsed<Uri>.Bad("cannot be taken apart as a URI");
    }
}
