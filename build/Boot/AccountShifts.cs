using Dom0Image.Generations;
using Dom0Image.RootFs;
using Dom0Image.Stages;

namespace Dom0Image.Boot;

/// <summary>Told when hosts are to boot a generation that is there already: a build looks at accounts' ids, and here nothing is built.</summary>
internal static class AccountShifts
{
    /// <summary>Warns of each account that has another id there than in the generation that hosts boot now.</summary>
    /// <param name="generation">What hosts are to boot.</param>
    /// <param name="places">Where the generations are.</param>
    /// <param name="progress">Told of them.</param>
    public static void Tell(string generation, Places places, IStageProgress progress)
    {
        if (CurrentState.Read(places).Root is not { } current || current == generation)
        {
            return;
        }

        foreach (var (account, id, now) in AccountChecks.Differences(GenerationTree.Finished(places, generation).Root, GenerationTree.Finished(places, current).Root))
        {
            progress.Warn($"{account} is {id} in generation {generation} and {now} in {current}: what it owns on imgs keeps its number, and is another's or nobody's there");
        }
    }
}
