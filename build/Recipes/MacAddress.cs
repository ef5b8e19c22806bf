using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>A network card's address, read as people write it and written as the kernel, GRUB's <c>$net_default_mac</c> and dhcpd write it.</summary>
internal sealed record MacAddress
{
    /// <summary>What it looks like; nothing else makes one.</summary>
    public static readonly ScalarShape<MacAddress> Shape = new("MAC address", "52:54:00:12:34:56", "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$", Read)
    {
        Details = " of six pairs of hex digits",
        HintFor = FirstWords.OfMac,
    };

    private readonly string _text;

    private MacAddress(string text) => _text = text;

    /// <inheritdoc cref="ScalarShape{T}.Parse"/>
    public static MacAddress Parse(string text) => Shape.Parse(text);

    /// <summary>Such as <c>52:54:00:00:01:01</c>.</summary>
    public override string ToString() => _text;

    private static Parsed<MacAddress> Read(string text)
        => (Convert.ToByte(text[..2], 16) & 1) != 0 ? Parsed<MacAddress>.Bad("is a multicast address: no NIC has it")
            : !text.AsSpan().ContainsAnyExcept("0:-") ? Parsed<MacAddress>.Bad("is all zero: no NIC has it")
            : new MacAddress(text.Replace('-', ':').ToLowerInvariant());
}
