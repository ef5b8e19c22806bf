using Dom0Image.ClientLoads;
using Dom0Image.Generations;

namespace Dom0Image.Pruning;

/// <summary>What keepers look at, read once.</summary>
/// <param name="Places">Where the generations stand; its lock is held.</param>
/// <param name="Generations">Those that stand, newest first.</param>
/// <param name="Journal">What was published, as far as what hosts boot shows it to have gone.</param>
/// <param name="Booted">What hosts boot now; null for nothing.</param>
/// <param name="Clients">What clients loaded last.</param>
internal sealed record PruneScene(Places Places, IReadOnlyList<ListedGeneration> Generations, PublicationJournal Journal, string? Booted, ClientRecord Clients)
{
    /// <summary>How many of a recipe's newest are kept.</summary>
    public required int Newest { get; init; }

    /// <summary>Where recipes and their lock files are.</summary>
    public required string Recipes { get; init; }

    /// <summary>Whether the user said that no client runs what is not known of.</summary>
    public bool UnknownGone { get; init; }

    /// <summary>Reads it.</summary>
    public static PruneScene Read(Places places, ClientRecord clients, int newest, string recipes, bool unknownGone)
    {
        var booted = CurrentState.Booted(places);
        return new PruneScene(places, GenerationList.Of(places), PublicationJournal.Read(places).Settled(booted), booted, clients) { Newest = newest, Recipes = recipes, UnknownGone = unknownGone };
    }
}
