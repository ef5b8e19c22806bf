using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// The first of two menus, served by the daily server: the day's system for everybody, and behind the password the way to
/// the boot server's menu.
/// </summary>
internal sealed class DailyMenu
{
    /// <summary>Id of the entry of the day's system.</summary>
    public const string DayEntry = "daily";

    // Stands for the name of the next menu, where hosts' menus differ: no name, title or option holds it.
    private const char Name = '\uFFFF';

    private readonly string[] _parts;

    /// <summary>Puts the text together that is the same for all hosts of a kind.</summary>
    /// <param name="site">A site with a daily server.</param>
    /// <param name="profile">What the menu on the boot server boots.</param>
    /// <param name="dom0ByDefault">Whether the way to the boot server is the default. It then is open to all, since GRUB asks for the password also when it boots a protected default.</param>
    public DailyMenu(Site site, BootProfile profile, bool dom0ByDefault) => _parts = Render(site, Name, profile, dom0ByDefault).Split(Name);

    /// <summary>The menu's text.</summary>
    /// <param name="menu">Name of the menu on the boot server, without <c>.conf</c>: letters, digits and dashes, which are themselves in quotes.</param>
    public string LeadingTo(string menu) => string.Join(menu, _parts);

    private static string Render(Site site, char menu, BootProfile profile, bool dom0ByDefault)
    {
        var daily = site.Daily!;
        MenuStep OnServer(MenuCommand command, string path, IEnumerable<BootOption> options) => new(command, $"/{path.TrimStart('/')}", [.. options.Select(o => $"{o}")]) { Server = daily.Address };
        MenuStep[] initrd = daily.Initrd is { } file ? [OnServer(MenuCommand.Other, file, [])] : [];
        return Grub2.Write(new MenuPage(site, profile.Serial,
        [
            new BootEntry(daily.Title, DayEntry, $"Could not start '{daily.Title}' from {daily.Address}.", [OnServer(MenuCommand.Kernel, daily.Kernel, daily.Options), .. initrd]),
            new NextMenuEntry(profile.Title, "dom0", $"The boot server {site.BootServer} has no menu '{menu}', or does not answer.", site.BootServer, $"{menu}.conf") { IsProtected = !dom0ByDefault },
        ])
        {
            Default = dom0ByDefault ? "dom0" : DayEntry,
        });
    }
}
