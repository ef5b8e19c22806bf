using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Serving.Managers;

namespace Dom0Image.Serving;

/// <summary>What has to be done on the boot server, and nothing else: servers that run and have read their files are left alone.</summary>
/// <param name="Wait">What has to be enabled so that servers wait at boot for their address; null where they do.</param>
/// <param name="Steps">What is to be done to servers, in order.</param>
internal sealed record ServePlan(Service? Wait, ImmutableArray<ServeStep> Steps)
{
    /// <summary>All of it in words, in order; empty where nothing has to be done.</summary>
    public ImmutableArray<string> ToDo => [.. Wait is null ? [] : ImmutableArray.Create($"enable {Wait.Unit}, so that at boot the servers wait for their address"), .. Steps.Select(step => $"{step}")];

    /// <summary>Looks at the servers.</summary>
    /// <param name="site">The site.</param>
    /// <param name="manager">What starts them.</param>
    /// <param name="ask">Asks one that runs; null to go by its process alone.</param>
    public static async Task<ServePlan> MakeAsync(Site site, IServiceManager manager, Func<IBootServer, Task<ImmutableArray<Diagnostic>>>? ask = null)
    {
        string[] files = [.. BootFiles.Generate(site, generation: null).ServerFiles.Keys];
        var steps = ImmutableArray.CreateBuilder<ServeStep>();
        foreach (var unwanted in BootServers.Unwanted(site))
        {
            if (unwanted.RunningSince is not null || await manager.IsEnabledAsync(unwanted.Service).ConfigureAwait(false))
            {
                steps.Add(new ServeStep(unwanted, Enable: false, Restart: null) { Unwanted = true });
            }
        }

        foreach (var server in BootServers.Of(site))
        {
            var enable = !await manager.IsEnabledAsync(server.Service).ConfigureAwait(false);
            var restart = WhyRestart(server, files);
            var again = restart is null ? WhyAgain(server, files) : null;
            if (restart is null && again is null && ask is not null && await ask(server).ConfigureAwait(false) is [var problem, ..])
            {
                restart = $"it runs, but {problem.What}";
            }

            if (enable || restart is not null || again is not null)
            {
                steps.Add(new ServeStep(server, enable, restart) { ReadAgain = again });
            }
        }

        return new ServePlan(await manager.MissingWaitAsync().ConfigureAwait(false), steps.ToImmutable());
    }

    private static string? WhyRestart(IBootServer server, IEnumerable<string> files)
        => server.RunningSince is not { } since ? "it does not run"
            : Changed(files.Where(f => server.Reads(f) && !server.ReadsAgain(f)), since) is { } changed ? $"it was started before {changed} changed"
            : null;

    private static string? WhyAgain(IBootServer server, IEnumerable<string> files)
        => server.RunningSince is { } since ? Changed(files.Where(server.ReadsAgain), ReadingMark.Of(server.Service, since)) : null;

    private static string? Changed(IEnumerable<string> files, DateTime since) => files.FirstOrDefault(f => FileStatus.ChangedAt(f) > since);
}
