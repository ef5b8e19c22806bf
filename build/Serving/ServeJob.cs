using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving;

/// <summary>Has this machine, the site's boot server, serve what was published, and asks each server whether it does.</summary>
/// <param name="served">What clients should get.</param>
/// <param name="stage">The edges of the system.</param>
internal sealed class ServeJob(Served served, StageContext stage)
{
    // nfs-ganesha, which answers last, is ready a second or two after it was started; on a busy machine later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IServiceManager _manager = IServiceManager.Here(stage);

    /// <summary>What is published for a site, checked to be there whole.</summary>
    /// <exception cref="BuildFailedException">Something of it is not there, and what to do.</exception>
    public static async Task<Served> ReadAsync(Site site, StageContext stage)
    {
        var places = new Places("");
        if (CurrentState.Read(places).Root is { } current && !Directory.Exists(Places.RootOf(current)))
        {
            throw new BuildFailedException(new Diagnostic($"generation {current}, which hosts boot, is not below {Places.Generations}")
            {
                Hint = $"Is the file system of {Places.Generations} mounted? findmnt {Places.Generations}",
            });
        }

        var boot = PublishedGeneration.Current(places) ?? throw new BuildFailedException(new Diagnostic("no generation is published here, so that there is nothing to serve")
        {
            Hint = $"./build.sh --site={site.Name} builds and publishes one.",
        });
        if (Edited(boot.GenerationId, stage.Cancellation) is { Length: > 0 } edited)
        {
            throw new BuildFailedException(edited);
        }

        var files = await PreparedBootFiles.MakeAsync(site, boot, places, stage).ConfigureAwait(false);
        Diagnostic[] stale =
        [
            .. ServerFileState.Find(files.Set, places).Where(f => !f.Kept).Select(f => new Diagnostic($"{f.Place} does not hold what site {site.Name} says")),
            .. files.Stand(places) ? Array.Empty<Diagnostic>() : [new Diagnostic($"the published menus are not those of site {site.Name}")],
        ];
        return stale.Length == 0
            ? new Served(site, boot.GenerationId, files.Set, files.Loaders)
            : throw new BuildFailedException([.. stale[..^1], stale[^1] with { Hint = $"./build.sh --target=BootFiles --site={site.Name} writes what it says." }]);
    }

    /// <summary>What has to be done.</summary>
    public Task<ServePlan> PlanAsync() => ServePlan.MakeAsync(served.Site, _manager, server => server.AskAsync(served, stage));

    /// <summary>Does it.</summary>
    /// <returns>What could not be done: the other servers are seen to all the same.</returns>
    public async Task<ImmutableArray<(Service Service, Diagnostic Problem)>> ServeAsync(ServePlan plan)
    {
        await _manager.ReloadAsync().ConfigureAwait(false);
        if (plan.Wait is { } wait)
        {
            await _manager.EnableAsync(wait).ConfigureAwait(false);
        }

        var failed = ImmutableArray.CreateBuilder<(Service Service, Diagnostic Problem)>();
        foreach (var (index, step) in plan.Steps.Index())
        {
            stage.Progress.Report($"{step}", (double)index / plan.Steps.Length);
            try
            {
                await TakeAsync(step).ConfigureAwait(false);
            }
            catch (BuildFailedException problem)
            {
                failed.Add((step.Server.Service, await ExplainAsync(step.Server, problem).ConfigureAwait(false)));
            }
        }

        return failed.ToImmutable();
    }

    /// <summary>Asks each server for what clients will ask it; those that were just started are given a moment.</summary>
    /// <param name="failed">Those that could not be started, of which enough is told.</param>
    /// <returns>What is wrong, with the cure.</returns>
    public async Task<ImmutableArray<Diagnostic>> AskAsync(IEnumerable<Service> failed)
    {
        var until = DateTime.UtcNow + Patience;
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var server in BootServers.Of(served.Site).Where(s => !failed.Contains(s.Service)))
        {
            stage.Progress.Report($"asking {server.Service.Name}");
            var problems = await server.AskAsync(served, stage).ConfigureAwait(false);
            while (!problems.IsEmpty && DateTime.UtcNow < until)
            {
                await Task.Delay(Pause, stage.Cancellation).ConfigureAwait(false);
                problems = await server.AskAsync(served, stage).ConfigureAwait(false);
            }

            foreach (var problem in problems)
            {
                found.Add(Explain(server, problem, server.RunningSince is null ? await _manager.LastLinesAsync(server.Service).ConfigureAwait(false) : []));
            }
        }

        found.AddRange(BootServers.Unwanted(served.Site).Where(server => server.RunningSince is not null)
            .Select(unwanted => Explain(unwanted, new Diagnostic($"it runs beside the site's {unwanted.Kind}, although it was told to stop"), [])));
        return found.ToImmutable();
    }

    /// <summary>What is not wrong with the servers, and a person should know.</summary>
    public IEnumerable<Diagnostic> Notes() => BootServers.Of(served.Site).SelectMany(server => server.Notes(served.Site));

    /// <summary>Files that somebody wrote in place of ours, for which the servers do their work all the same.</summary>
    public IEnumerable<ServerFileState> Kept() => ServerFileState.Find(served.Set, new Places("")).Where(f => f.Kept && BootServers.Of(served.Site).Any(s => s.Reads(f.Place)));

    // One that was built before there was a manifest is served as it is: that it cannot be told is for '--target=Check' to say.
    private static Diagnostic[] Edited(string generation, CancellationToken cancellation)
    {
        var tree = GenerationTree.Finished(new Places(""), generation);
        return File.Exists(tree.TftpManifestFile)
            ? [.. GenerationCheck.VerifyTftp(tree, cancellation).Select(difference => new Diagnostic($"{difference.Path} is not as it was published: {difference.What}") { Hint = "A generation is never edited: publish another one." })]
            : [];
    }

    private async Task TakeAsync(ServeStep step)
    {
        if (step.Unwanted)
        {
            await _manager.StopAsync(step.Server.Service).ConfigureAwait(false);
            await _manager.DisableAsync(step.Server.Service).ConfigureAwait(false);
            return;
        }

        if (step.Enable)
        {
            await _manager.EnableAsync(step.Server.Service).ConfigureAwait(false);
        }

        if (step.Restart is not null)
        {
            await _manager.RestartAsync(step.Server.Service).ConfigureAwait(false);
        }

        if (step.ReadAgain is not null)
        {
            await ReadingMark.SetAsync(step.Server.Service, () => step.Server.ReadAgainAsync(stage)).ConfigureAwait(false);
        }
    }

    private async Task<Diagnostic> ExplainAsync(IBootServer server, BuildFailedException problem)
        => problem is ToolFailedException tool
            ? Explain(server, new Diagnostic($"'{tool.Command}' failed with exit code {tool.ExitCode}"), tool.LastLines.Concat(await _manager.LastLinesAsync(server.Service).ConfigureAwait(false)))
            : Explain(server, problem.Diagnostics[0], []);

    // A file of a person's own is the first suspect.
    private Diagnostic Explain(IBootServer server, Diagnostic problem, IEnumerable<string> lines)
    {
        string[] last = [.. lines];
        var what = last.Length == 0 ? problem.What : $"{problem.What}; its last lines:\n  {string.Join("\n  ", last)}\n";
        var kept = Kept().Where(f => server.Reads(f.Place)).Select(f => $"{f.Place} was written by somebody: {f.Cure}.");
        string[] hints = [.. problem.Hint is { } hint ? [hint] : Array.Empty<string>(), .. kept, $"More: {_manager.Inspection(server.Service)}"];
        return problem with { What = $"{server.Service.Name}: {what}", Hint = string.Join(' ', hints) };
    }
}
