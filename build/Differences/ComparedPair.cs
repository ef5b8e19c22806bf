using Dom0Image.Diagnostics;
using Dom0Image.Generations;

namespace Dom0Image.Differences;

/// <summary>Which two generations are meant.</summary>
internal static class ComparedPair
{
    /// <summary>Those that were named, else the one that hosts boot, and the newest that stands.</summary>
    /// <param name="places">Where they stand.</param>
    /// <param name="from">Id of the first; null for the published one.</param>
    /// <param name="to">Id of the second; null for the newest.</param>
    /// <exception cref="BuildFailedException">There is none to take.</exception>
    public static (string From, string To) Of(Places places, string? from, string? to) =>
    (
        from ?? CurrentState.Booted(places) ?? throw new BuildFailedException(
            new Diagnostic($"nothing is published below '{places.OnDisk(Places.Images)}' that a generation could be compared with") { Hint = "--from=ID names a generation, --prefix=DIR another place" }),
        to ?? (GenerationList.Of(places) is [var newest, ..] ? newest.Info.Id : null) ?? throw new BuildFailedException(
            new Diagnostic($"there is no generation below '{places.OnDisk(Places.Generations)}'") { Hint = "--prefix=DIR names another place" })
    );
}
