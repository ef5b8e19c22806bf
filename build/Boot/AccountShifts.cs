using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Verification;

namespace Dom0Image.Boot;

/// <summary>A build looks at accounts' ids; a generation that is there already is put in another's place without one.</summary>
internal static class AccountShifts
{
    /// <summary>Warns of accounts that have another id than in the generation that hosts boot now.</summary>
    /// <param name="generation">What hosts are to boot; null for what they boot now.</param>
    /// <param name="places">Where the generations are.</param>
    /// <param name="progress">Told of them.</param>
    public static void Tell(string? generation, Places places, IStageProgress progress)
    {
        if (generation is null || CurrentState.Read(places).Root is not { } current)
        {
            return;
        }

        string[] shifts =
        [
            .. AccountComparison.Differences(GenerationTree.Finished(places, generation).Root, GenerationTree.Finished(places, current).Root)
                .Select(shift => $"{AccountIds.Word(shift.Kind)} '{shift.Name}' {shift.Id}, not {shift.Other}"),
        ];
        if (shifts.Length > 0)
        {
            progress.Warn($"accounts have other ids in generation {generation} than in {current}: {string.Join(", ", shifts)}. What they own on imgs keeps its number, and is another's or nobody's there");
        }
    }
}
