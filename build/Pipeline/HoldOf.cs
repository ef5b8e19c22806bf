using Dom0Image.CommandLine;
using Dom0Image.Generations;

namespace Dom0Image.Pipeline;

/// <summary>Whether a run holds what it publishes, or lets what was held go on.</summary>
internal static class HoldOf
{
    /// <summary>
    /// Does it, before the menus are switched: whoever names a generation that hosts do not boot means it to stay, unless he says
    /// <c>--resume</c>.
    /// </summary>
    /// <param name="options">What the user chose.</param>
    /// <param name="places">Where; its lock is held by the caller.</param>
    /// <param name="named">The generation that the user named; null where he named none.</param>
    /// <param name="always">Whether to hold what hosts boot already, too.</param>
    public static void Set(BuildOptions options, Places places, string? named, bool always = false)
    {
        if (options.Resume)
        {
            PublicationHold.Lift(places);
        }
        else if (named is not null && (always || CurrentState.Booted(places) != named))
        {
            var recipe = GenerationInfo.Read(GenerationTree.Finished(places, named)).Recipe;
            new PublicationHold(named, DateTimeOffset.UtcNow, Resume(options with { Recipe = recipe })).Set(places);
        }
    }

    /// <summary>What keeps a build from being published; null for nothing, and for who names a generation or goes on.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">That is not known.</exception>
    public static PublicationHold? Build(BuildOptions options, Places places)
        => options.Resume || options.Generation is not null ? null : PublicationHold.Find(places);

    /// <summary>The command that builds and publishes again, also what is held.</summary>
    public static string Resume(BuildOptions options) => Publish(options, " --resume");

    /// <summary>The command that publishes one generation, and holds that; or goes on from there.</summary>
    public static string PublishNamed(BuildOptions options, string generation, bool resume = false) => Publish(options, (resume ? " --resume" : "") + $" --generation={generation}");

    /// <summary>The command that builds and publishes, where nothing is held.</summary>
    public static string Publish(BuildOptions options) => Publish(options, "");

    private static string Publish(BuildOptions options, string how)
    {
        var prefix = options.Prefix.Length > 0 ? $" --prefix={options.Prefix}" : "";
        var store = options.Store != BuildOptions.DefaultStore(options.Prefix) ? $" --store={options.Store}" : "";
        return $"./build.sh --target=Publish{how} --recipe={options.Recipe} --site={options.Site}{prefix}{store}";
    }
}
