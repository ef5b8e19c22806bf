using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Servers;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Serving;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>All that stands between a publication and a client that boots, in the order in which an administrator does it.</summary>
internal static class NextStep
{
    private const int LinesOfDifference = 20;

    /// <summary>The steps for the summary; null when there is nothing to do.</summary>
    /// <param name="places">Where it was published.</param>
    /// <param name="site">The site.</param>
    /// <param name="generation">What hosts boot now; null for none.</param>
    /// <param name="changed">Places that changed.</param>
    /// <param name="stage">The edges of the system.</param>
    public static async Task<string?> AfterAsync(Places places, Site site, string? generation, ImmutableArray<string> changed, StageContext stage)
    {
        if (places.Prefix.Length > 0)
        {
            return generation is null
                ? $"the servers' files are below {places.Prefix}; nothing outside it was touched."
                : $"generation {generation} is published below {places.Prefix}; nothing outside it was touched. To serve it, publish without --prefix on the boot server {site.BootServer}.{Held(places, " ")}";
        }

        List<string> steps = [];
        foreach (var kept in ServerFileState.Find(BootFiles.Generate(site, generation: null), places).Where(f => f.Kept && !BootServers.Unwanted(site).Any(s => s.Reads(f.Place))))
        {
            steps.Add(await DifferenceAsync(kept, stage).ConfigureAwait(false));
        }

        if (generation is null)
        {
            steps.Add($"./build.sh --site={site.Name} builds and publishes what hosts boot.");
        }

        if (!BootServerMachine.Is(site))
        {
            steps.Add(Elsewhere(site, stage.Store));
        }
        else if (await ServePlan.MakeAsync(site, IServiceManager.Here(stage)).ConfigureAwait(false) is { ToDo: { IsEmpty: false } todo })
        {
            steps.Add(string.Join('\n', todo.Select(step => $"  {step}").Prepend($"./build.sh --target=Serve --site={site.Name} asks, and then will")));
        }

        if (generation is not null && (steps.Count > 0 || !changed.IsEmpty))
        {
            steps.Add(Boot(site, generation));
        }

        if (Held(places) is { Length: > 0 } held)
        {
            steps.Add(held);
        }

        return InOrder(steps);
    }

    /// <summary>What is left when the boot server's servers do their work.</summary>
    public static string AfterServing(Site site, string generation) => Boot(site, generation);

    private static string Boot(Site site, string generation) => $"boot {(site.Hosts.IsEmpty ? "a host in the subnet" : site.Hosts[0].Name)}: it gets {generation}, as do all from now on.";

    private static string Held(Places places, string before = "")
        => PublicationHold.Find(places) is { } hold ? $"{before}Builds are made ready and not published until {hold.Resume}" : "";

    private static string Elsewhere(Site site, BuildStore store)
        => $"""
            This machine is not the boot server: {site.BootServer} is on none of its interfaces, and its servers are left disabled.
            On the boot server, in a checkout as this one: ./build.sh --site={site.Name}, then ./build.sh --target=Serve --site={site.Name}.
            With a copy of {store.Root} from here nothing is built there a second time.
            """;

    private static async Task<string> DifferenceAsync(ServerFileState kept, StageContext stage)
    {
        // What somebody wrote there may hold a key: it stands in no log.
        var compared = await stage.RunAsync(
            new ToolCommand("diff", "--unified=1", "--label", $"{kept.Place} (kept)", "--label", $"{kept.Beside} (ours)", kept.Place, kept.Beside) { SuccessCodes = [0, 1, 2], OutputIsSecret = true }).ConfigureAwait(false);
        string[] lines = compared.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var more = lines.Length > LinesOfDifference ? [$"... and {lines.Length - LinesOfDifference} lines more"] : Array.Empty<string>();
        return string.Join('\n',
        [
            $"{kept.Place} was written or changed by somebody else, and is kept: see whether it serves hosts as ours would.",
            .. lines.Take(LinesOfDifference).Concat(more).Select(l => $"  {l}"),
            $"All of it: diff -u {kept.Place} {kept.Beside}",
            $"To take ours: mv {kept.Beside} {kept.Place}",
        ]);
    }

    private static string? InOrder(List<string> steps) => steps switch
    {
        [] => null,
        [var only] => only,
        _ => string.Concat(steps.Select((step, index) => $"\n  {index + 1}. {step.Replace("\n", "\n     ", StringComparison.Ordinal)}")),
    };
}
