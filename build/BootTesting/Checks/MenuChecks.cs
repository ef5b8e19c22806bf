using System.Collections.Immutable;
using Dom0Image.Boot.Tftp;
using Dom0Image.BootLab.Clients;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting.Checks;

/// <summary>
/// Whether a client read its own menu and not the one for hosts that are not listed, which may well boot the same. The
/// loader asks for one menu after the other until it finds one, so the last that it asked for is the one it read.
/// </summary>
internal static class MenuChecks
{
    private const string Menus = "grub/";
    private const string Daily = Menus + "daily/";

    /// <summary>The checks of one client.</summary>
    /// <param name="host">The client.</param>
    /// <param name="throughDaily">Whether it went through the daily server's menu.</param>
    /// <param name="requests">Files that it asked for over TFTP, oldest first.</param>
    public static ImmutableArray<CheckResult> Of(BootHost host, bool throughDaily, IEnumerable<TftpRequest> requests)
    {
        var menus = requests.Select(r => r.File.TrimStart('/')).Where(f => f.StartsWith(Menus, StringComparison.Ordinal)).ToList();
        CheckResult[] first = throughDaily ? [Check("own-daily-menu", Daily, menus.Where(IsDaily).LastOrDefault(), host)] : [];
        return [.. first, Check("own-menu", Menus, menus.Where(m => !IsDaily(m)).LastOrDefault(), host)];
    }

    private static bool IsDaily(string menu) => menu.StartsWith(Daily, StringComparison.Ordinal);

    private static CheckResult Check(string name, string folder, string? read, BootHost host)
    {
        string[] own = [$"{folder}{host.Name}.conf", $"{folder}by-mac/{host.Mac}.conf"];
        return new CheckResult(name, own.Contains(read), own.Contains(read) ? read! : $"it read {read ?? "none"}, not {own[0]}");
    }
}
