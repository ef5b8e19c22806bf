using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// Which network card a client's root comes over. The firmware reads the menu over the card that it likes; the kernel asks over all
/// cards and takes the one whose DHCP answers first. So a host may name its interface; for the others the kernel's command line
/// carries the cards that are right, which the image compares before anything else.
/// </summary>
internal static class RootCard
{
    // A kernel takes a word with a dot for a module's.
    private const string CardOption = "dom0.mac";
    private const string Option = "ip=";

    /// <summary>What a host's menu says that its profile's does not: two hosts that say the same can have one text. Null for nothing.</summary>
    public static string? Of(BootHost host)
        => host.Interface ?? (host.OtherMacs.IsDefaultOrEmpty ? null : string.Join(',', host.Macs));

    /// <summary>How the kernel gets its address.</summary>
    public static string Ip(BootHost? host) => host?.Interface is { } name ? $"ip=:::::{name}:dhcp" : "ip=dhcp";

    /// <summary>The option of a kernel's line that names the cards of a host with several.</summary>
    public static IEnumerable<string> Named(BootProfile profile, BootHost? host)
        => IsTold(profile, host) && host is { OtherMacs.IsDefaultOrEmpty: false } ? [$"{CardOption}={Of(host)}"] : [];

    /// <summary>The option that is given the card over which the menu came; null where the cards are named, or are not told.</summary>
    public static string? OfMenu(BootProfile profile, BootHost? host)
        => IsTold(profile, host) && host is not { OtherMacs.IsDefaultOrEmpty: false } ? CardOption : null;

    // Not where the host or the profile's own options say what the address is from.
    private static bool IsTold(BootProfile profile, BootHost? host) => host?.Interface is null && OwnIp(profile) is null;

    /// <summary>What a booted client's root must come over: an interface's name, MACs with commas, or <c>any</c>.</summary>
    public static string Expected(BootProfile profile, BootHost host)
        => OwnIp(profile) is not null ? "any" : host.Interface ?? string.Join(',', host.Macs);

    /// <summary>Whether the kernel asks for its address by DHCP, as it reads its option (Documentation/admin-guide/nfs/nfsroot.rst).</summary>
    public static bool IsLent(BootProfile profile)
    {
        if (OwnIp(profile)?[Option.Length..] is not { } ip)
        {
            return true;
        }

        var fields = ip.Split(':');
        var way = fields.Length == 1 ? ip : fields.ElementAtOrDefault(6) ?? "";
        return !(fields.Length > 1 && fields[0].Contains('.', StringComparison.Ordinal)) && way is not ("off" or "none" or "bootp" or "rarp");
    }

    // The last one counts.
    private static string? OwnIp(BootProfile profile) => profile.KernelOptions.Select(option => $"{option}").LastOrDefault(option => option.StartsWith(Option, StringComparison.Ordinal));
}
