using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dom0Image.Posix;

namespace Dom0Image.Recipes.Model;

/// <summary>What people write at their first guess, and how it is written here: hints for values whose meaning is plain.</summary>
internal static partial class FirstWords
{
    private const int OctetsOfMac = 6;

    /// <summary>A MAC address as other programs write it: <c>0:a:59:2:37:1b</c>, <c>000a.5902.371b</c>, <c>000A5902371B</c>.</summary>
    public static string? OfMac(string text)
    {
        var bare = MacPrefix().Replace(text.Trim(), "");
        var parts = bare.Split(':', '-', '.', ' ', '_');
        var digits = string.Concat(parts.Length == OctetsOfMac ? parts.Select(part => part.PadLeft(2, '0')) : parts);
        return digits.Length == 2 * OctetsOfMac && digits.All(char.IsAsciiHexDigit) && parts.All(part => part.Length > 0)
            ? $"Write '{string.Join(':', digits.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)))}'."
            : null;
    }

    /// <summary>A network with its mask, or with none.</summary>
    public static string? OfNetwork(string text)
    {
        var parts = text.Split(['/', ' '], StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ("netmask" or "mask")).ToArray();
        if (parts.Length is < 1 or > 2 || Whole(parts[0]) is not { } address)
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return $"Write '{address}/24' if all of its hosts have the first three numbers in common.";
        }

        var bits = int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : BitsOf(parts[1]);
        return bits is >= 8 and <= 30 ? $"Write '{address}/{bits}'." : null;
    }

    /// <summary>An address with zeros in front, as in tables.</summary>
    public static string? OfAddress(string text)
        => text.Contains('/') ? "The prefix length belongs to the subnet."
            : text.Contains(':') && IPAddress.TryParse(text, out _) ? "The boot loaders speak IPv4 only."
            : text.Count(c => c == '.') == 3 && Whole(text) is { } address ? $"Write '{address}'."
            : text.Any(char.IsAsciiLetter) ? "Names are not looked up: write the address." : null;

    /// <summary>The two ends of a range, apart in another way, or the last number alone as the second.</summary>
    public static string? OfRange(string text)
    {
        var ends = Between().Split(text.Trim());
        return ends.Length == 2 && Whole(ends[0]) is { } first
            && Whole(ends[1].Contains('.') ? ends[1] : $"{ends[0][..(ends[0].LastIndexOf('.') + 1)]}{ends[1]}") is { } last
            ? $"Write '{first}-{last}'."
            : null;
    }

    /// <summary>A mode as <c>ls</c> shows it, or as other languages write octal numbers.</summary>
    public static string? OfMode(string text)
        => text.StartsWith("0o", StringComparison.Ordinal) ? $"Write '0{text[2..]}'."
            : Shown().Match(text) is { Success: true } shown ? $"Write '{OctalMode.Of(shown.Groups["bits"].Value.Aggregate(0, (mode, bit) => (mode << 1) | (bit == '-' ? 0 : 1)))}'."
            : null;

    /// <summary>A size with another unit, or a part of one.</summary>
    public static string? OfSize(string text)
    {
        if (Amount().Match(text) is not { Success: true } amount || !decimal.TryParse(amount.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        // In the largest unit that needs no fraction.
        const string Units = "KMGT";
        var unit = Units.IndexOf(char.ToUpperInvariant(amount.Groups["unit"].Value[0]));
        for (; (number != decimal.Truncate(number) || unit > 2) && unit > 0; unit--)
        {
            number *= 1024;
        }

        return number == decimal.Truncate(number) && number > 0 ? $"Write '{number.ToString("0", CultureInfo.InvariantCulture)}{Units[unit]}'." : null;
    }

    /// <summary>A suite by its number, or with a capital.</summary>
    public static string? OfSuite(string text)
    {
        if (text is "stable" or "oldstable" or "oldoldstable" or "testing" or "unstable")
        {
            return "Name the release itself: what this word means changes with every release.";
        }

        // Debian 4 was etch.
        var word = text.ToLowerInvariant().Replace("debian", "").Trim();
        var name = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Suites.All.ElementAtOrDefault(number - 4) : Suites.All.FirstOrDefault(s => s == word);
        return name is null ? null : $"Write '{name}'.";
    }

    /// <summary>An architecture as the kernel and other distributions name it.</summary>
    public static string? OfArchitecture(string text)
        => text.ToLowerInvariant() switch
        {
            "x86_64" or "x86-64" or "x64" or "amd64" => "Write 'amd64'.",
            "x86" or "i486" or "i586" or "i686" or "ia32" or "i386" => "Write 'i386'.",
            _ => null,
        };

    /// <summary>An init system by its package or nickname.</summary>
    public static string? OfInit(string text)
        => text.ToLowerInvariant() switch
        {
            "sysv" or "system v" or "systemv" or "init" or "sysvinit-core" or "sysv-rc" or "sysvinit" => "Write 'sysvinit'.",
            "systemd-sysv" or "systemd" => "Write 'systemd'.",
            _ => null,
        };

    // Four numbers without zeros in front; those that are left out at a network's end are 0.
    private static string? Whole(string text)
    {
        var numbers = text.Trim().Split('.');
        return numbers.Length is >= 2 and <= 4 && numbers.All(n => n.Length is >= 1 and <= 3 && n.All(char.IsAsciiDigit) && int.Parse(n, CultureInfo.InvariantCulture) <= 255)
            ? string.Join('.', numbers.Concat(["0", "0"]).Take(4).Select(n => int.Parse(n, CultureInfo.InvariantCulture)))
            : null;
    }

    private static int BitsOf(string mask)
        => Enumerable.Range(8, 23).FirstOrDefault(bits => Whole(mask) == $"{Ipv4.Address(Ipv4.Mask(bits))}");

    [GeneratedRegex("^(0x|(hardware )?ethernet |(link/)?ether )", RegexOptions.IgnoreCase)]
    private static partial Regex MacPrefix();

    [GeneratedRegex(@"\s*(?:\.\.+|-|–|,|\bto\b|\s)\s*")]
    private static partial Regex Between();

    [GeneratedRegex("^[d-]?(?<bits>[r-][w-][x-][r-][w-][x-][r-][w-][x-])$")]
    private static partial Regex Shown();

    [GeneratedRegex(@"^(?<number>[0-9]+(\.[0-9]+)?) ?(?<unit>[KMGT])i?B?$", RegexOptions.IgnoreCase)]
    private static partial Regex Amount();
}
