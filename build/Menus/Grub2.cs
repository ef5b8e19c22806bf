using System.Net;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.Menus;

/// <summary>
/// Menus as scripts of GRUB 2: how they are written and checked. What it cannot say no <see cref="BootOption"/> holds, how it is read
/// again in <see cref="Grub2Reader"/>.
/// </summary>
internal static class Grub2
{
    /// <summary>What reads a menu and does nothing else.</summary>
    public const string Checker = "grub-script-check";

    /// <summary>The Debian package of it.</summary>
    public const string CheckerPackage = "grub-common";

    /// <summary>How long a message stays before what failed is tried again.</summary>
    public const int SecondsToRead = 30;

    // GRUB's own variable: the card that it read the menu over, also that of a host that is not listed.
    private const string CardOfMenu = "$net_default_mac";

    /// <summary>Checks a file.</summary>
    public static ToolCommand Check(string file) => new(Checker, file);

    /// <summary>A menu's text.</summary>
    public static string Write(MenuPage page) => Text(
    [
        $"# Written by Dom0Image for site {page.Site.Name}. Changes are lost: edit the site and publish again.",
        $"set timeout={page.Site.MenuTimeout}",
        "set default=0",
        .. Serial(page.Serial),
        .. MenuPassword.GrubLines(page.Site.MenuPasswordHash),
        .. page.Server is { } server ? [$"set root='tftp,{server}'"] : Array.Empty<string>(),
        .. page.Default is { } id ? [$"set default={id}"] : Array.Empty<string>(),
        .. page.Entries.SelectMany(Entry),
    ]);

    /// <summary>Lines as a script.</summary>
    public static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";

    /// <summary>Talks on a serial port and the screen, where the port exists.</summary>
    public static IEnumerable<string> Serial(SerialLine? line) => line is null ? [] :
    [
        $"if serial --unit={line.Port} --speed={line.Speed} --word=8 --parity=no --stop=1; then",
        "  terminal_input console serial",
        "  terminal_output console serial",
        "fi",
    ];

    private static IEnumerable<string> Entry(MenuEntry entry) =>
    [
        $"menuentry {GrubText.Quote(entry.Title)} --id {GrubText.Word(entry.Id)} {(entry.IsProtected ? "--users ''" : "--unrestricted")} {{",
        .. entry switch
        {
            BootEntry boot => Boot(boot),
            NextMenuEntry next => Next(next),
            _ => throw new InvalidOperationException($"unknown kind of menu entry: {entry}"),
        },
        "}",
    ];

    private static IEnumerable<string> Boot(BootEntry entry)
    {
        string[] commands = [.. entry.Steps.Select(Line)];
        return
        [
            .. entry.Announcement is { } text ? [$"  echo {GrubText.Quote(text)}"] : Array.Empty<string>(),
            .. commands.Select((command, depth) => $"{Indent(depth)}if {command}; then"),
            $"{Indent(commands.Length)}boot",
            .. commands.Select((_, depth) => $"{Indent(depth)}fi").Reverse(),
            .. GiveUp(entry.Failure),
        ];
    }

    private static IEnumerable<string> Next(NextMenuEntry entry)
    {
        var menu = GrubText.Word(OnServer(entry.Server, $"/grub/{entry.Menu}"));
        return
        [
            // Not -f: over TFTP GRUB can tell a file's size, but not its kind.
            $"  if [ -s {menu} ]; then",
            $"    configfile {menu}",
            "  else",
            .. GiveUp(entry.Failure),
            "  fi",
        ];
    }

    private static string Line(MenuStep step) => string.Join(' ',
    [
        step.Command switch
        {
            MenuCommand.Hypervisor => "multiboot2",
            MenuCommand.Module => "module2",
            MenuCommand.Kernel => "linux",
            _ => "initrd",
        },
        GrubText.Word(step.Server is { } server ? OnServer(server, step.File) : step.File),
        .. step.CardOption is { } option ? [$"{option}={CardOfMenu}"] : Array.Empty<string>(),
        .. step.Options.Select(GrubText.Word),
    ]);

    private static string OnServer(IPAddress server, string path) => $"(tftp,{server}){path}";

    private static string Indent(int depth) => new(' ', 2 + (2 * depth));

    private static IEnumerable<string> GiveUp(string message) =>
    [
        $"  echo {GrubText.Quote(message)}",
        $"  echo {GrubText.Quote($"Trying again in {SecondsToRead} seconds.")}",
        $"  sleep {SecondsToRead}",
        "  reboot",
    ];
}
