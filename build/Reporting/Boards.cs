using Spectre.Console;

namespace Dom0Image.Reporting;

/// <summary>Chooses how progress is shown.</summary>
internal static class Boards
{
    /// <summary>Bars on a terminal; plain lines in CI and in pipes.</summary>
    public static IProgressBoard For(IAnsiConsole console, Func<TimeSpan> clock)
        => console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi && !Console.IsOutputRedirected
            ? new TerminalBoard(console, clock)
            : new PlainBoard(Console.Out, clock);
}
