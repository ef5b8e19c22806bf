using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// The first of two menus, served by the daily server: the day's system for everybody, and behind the password the way to
/// the boot server's menu.
/// </summary>
internal sealed class DailyMenu
{
    private const int SecondsToRead = 30;

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
        var serial = profile.Serial is { } text ? SerialLine.Parse(text) : null;
        var next = GrubText.Word($"(tftp,{site.BootServer})/grub/{menu}.conf");
        return GrubScript.Text(
        [
            .. GrubScript.Head(site, serial),
            $"set default={(dom0ByDefault ? "dom0" : "daily")}",
            $"menuentry {GrubText.Quote(daily.Title)} --id daily --unrestricted {{",
            .. DayEntry(daily),
            "}",
            $"menuentry {GrubText.Quote(profile.Title)} --id dom0 {(dom0ByDefault ? "--unrestricted" : "--users ''")} {{",
            // Not -f: over TFTP GRUB can tell a file's size, but not its kind.
            $"  if [ -s {next} ]; then",
            $"    configfile {next}",
            "  else",
            .. GrubScript.GiveUp($"The boot server {site.BootServer} has no menu '{menu}', or does not answer.", SecondsToRead),
            "  fi",
            "}",
        ]);
    }

    private static IEnumerable<string> DayEntry(DailyServer daily)
    {
        string OnServer(string path) => GrubText.Word($"(tftp,{daily.Address})/{path.TrimStart('/')}");
        var kernel = string.Join(' ', Words(daily.Options).Select(GrubText.Word).Prepend(OnServer(daily.Kernel)).Prepend("linux"));
        string[] initrd = daily.Initrd is { } file ? [$"initrd {OnServer(file)}"] : [];
        return [.. GrubScript.Boot([kernel, .. initrd]), .. GrubScript.GiveUp($"Could not start '{daily.Title}' from {daily.Address}.", SecondsToRead)];
    }

    /// <summary>The words of a command line.</summary>
    public static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
