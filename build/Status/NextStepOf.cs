using Dom0Image.BootTesting.Report;
using Dom0Image.Generations;

namespace Dom0Image.Status;

/// <summary>Says which command comes next, of all that could.</summary>
internal static class NextStepOf
{
    /// <summary>The command; null when all is as it should be.</summary>
    public static NextCommand? Status(SiteStatus status, Places places)
    {
        string Command(GenerationStatus? generation)
            => $"./build.sh{(generation is null ? "" : $" --generation={generation.Id} --recipe={generation.Recipe}")} --site={status.Site}{(places.Prefix.Length > 0 ? $" --prefix={places.Prefix}" : "")}";

        var booted = status.Generations.FirstOrDefault(generation => generation.Role is GenerationRole.Booted);
        var ready = status.Generations.FirstOrDefault(generation => generation.Role is GenerationRole.Ready);
        return (status, ready) switch
        {
            ({ Boots: { } id }, _) when booted is null => new("./build.sh --site=" + status.Site, $"menus name {id}, which is not there: builds and publishes another one"),
            _ when booted is { Recipe: not null } && CurrentState.Read(places).Root != booted.Id => new(Command(booted), "a publication was cut short: ends it"),
            ({ Hold: { } hold }, _) => new(hold.Resume, $"publication is held for {hold.Generation}: goes on, when what was wrong is put right"),
            (_, { BootTest: BootTestState.Failed }) => new($"cat {Path.Combine(BootReportFiles.DirectoryOf(GenerationTree.Finished(places, ready.Id)), "report.txt")}", $"{ready.Id} did not pass its boot test: why"),
            (_, { BootTest: BootTestState.Full }) => new(Command(ready), $"publishes {ready.Id}"),
            (_, not null) => new(Command(ready), $"boots {ready.Id} in the lab, and publishes it if it passes"),
            ({ Boots: null }, _) => new(Command(null), "builds and publishes what hosts boot"),
            _ => null,
        };
    }
}
