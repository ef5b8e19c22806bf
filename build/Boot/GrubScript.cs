using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>Parts that all menus share.</summary>
internal static class GrubScript
{
    /// <summary>The top of a menu: whose it is, how long it waits, where it talks, who may change it.</summary>
    public static IEnumerable<string> Head(Site site, SerialLine? serial) =>
    [
        $"# Written by Dom0Image for site {site.Name}. Changes are lost: edit the site and publish again.",
        $"set timeout={site.MenuTimeout}",
        "set default=0",
        .. serial?.GrubLines ?? [],
        .. MenuPassword.GrubLines(site.MenuPasswordHash),
    ];

    /// <summary>Loads one thing after the other, and boots when all of them could be had.</summary>
    public static IEnumerable<string> Boot(IReadOnlyList<string> commands) =>
    [
        .. commands.Select((command, depth) => $"{Indent(depth)}if {command}; then"),
        $"{Indent(commands.Count)}boot",
        .. commands.Select((_, depth) => $"{Indent(depth)}fi").Reverse(),
    ];

    private static string Indent(int depth) => new(' ', 2 + (2 * depth));

    /// <summary>The end of an entry that could not boot: says so and tries again, since nobody may be there to press a key.</summary>
    public static IEnumerable<string> GiveUp(string message, int seconds) =>
    [
        $"  echo {GrubText.Quote(message)}",
        $"  echo {GrubText.Quote($"Trying again in {seconds} seconds.")}",
        $"  sleep {seconds}",
        "  reboot",
    ];

    /// <summary>Lines as a file.</summary>
    public static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";
}
