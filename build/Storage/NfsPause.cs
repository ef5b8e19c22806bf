using System.Collections.Immutable;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.Boot.Nfs;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>
/// Keeps NFS servers stopped while a tree is moved: they hold what they export open, and would go on with the old one.
/// Which they were is remembered through kills and power cuts.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="places">Where its volumes are.</param>
/// <param name="context">Tools.</param>
internal sealed class NfsPause(Site site, StoragePlaces places, StageContext context)
{
    private static readonly Diagnostic ByHand = new("an NFS server runs, and would go on with the old tree") { Hint = $"Stop it: {string.Join(", or ", NfsServers.All.Select(server => $"service {server.Service.Name} stop"))}" };

    private string Stopped => $"{places.OnDisk(ExportVolume.ImageFiles)}/stopped-servers";

    /// <summary>Whether those that run may be stopped, asked before anything is done.</summary>
    /// <param name="despiteClients">Whether to do it under clients that run.</param>
    /// <exception cref="BuildFailedException">Clients run, or there is nobody who can stop a server but a person.</exception>
    public void Require(bool despiteClients)
    {
        var clients = NfsClients.Connected();
        if (!clients.IsEmpty && !despiteClients)
        {
            throw new BuildFailedException(new Diagnostic($"{clients.Length} clients run from this server: {NfsClients.Names(site, clients)}. Their roots would end: what they hold open names the old file system")
            {
                Hint = "Switch them off first (one that did nothing for five minutes is not in this list), or say --now",
            });
        }

        if (NfsClients.IsServed() && !places.HasSystemd)
        {
            throw new BuildFailedException(ByHand);
        }

        if (!clients.IsEmpty)
        {
            context.Progress.Warn($"the roots of {clients.Length} clients end: {NfsClients.Names(site, clients)}. Boot them again when this is done");
        }
    }

    /// <summary>Stops those that run.</summary>
    /// <exception cref="BuildFailedException">There is nobody who can stop one but a person.</exception>
    public async Task StopAsync()
    {
        if (!NfsClients.IsServed())
        {
            return;
        }

        var running = await RunningAsync().ConfigureAwait(false);
        if (running.IsEmpty)
        {
            throw new BuildFailedException(ByHand);
        }

        Directory.CreateDirectory(places.OnDisk(ExportVolume.ImageFiles));
        Durable.ReplaceFile(Stopped, Encoding.UTF8.GetBytes(string.Join('\n', running)), PrivateModes.File);
        await context.RunAsync(new ToolCommand("systemctl", "stop").With([.. running])).ConfigureAwait(false);
        context.Progress.Note($"stopped {string.Join(" and ", running)} until the move is over");
    }

    /// <summary>
    /// Starts those that were stopped for a move: by this run, however it went, or by one that was killed. Not while a tree stands
    /// aside for one that is not in its place yet. A signal does not keep it from that.
    /// </summary>
    /// <exception cref="ToolFailedException">One does not start.</exception>
    public async Task StartAgainAsync()
    {
        if (!File.Exists(Stopped))
        {
            return;
        }

        string[] stopped = File.ReadAllLines(Stopped);
        var names = string.Join(" and ", stopped);
        if (ExportVolumes.Of(site).FirstOrDefault(volume => new MoveJournal(volume, places).Read() is MoveStep.Copied) is { } half)
        {
            context.Progress.Warn($"{names} stays stopped: {half.Place} is not in its place yet");
            return;
        }

        await (context with { Cancellation = CancellationToken.None }).RunAsync(new ToolCommand("systemctl", "start").With(stopped) with
        {
            Hint = $"{names} was stopped for the move. The next run of '--target=Storage' tries to start it again",
        }).ConfigureAwait(false);
        FileChange.Delete(Stopped);
        context.Progress.Note($"started {names} again");
    }

    private async Task<ImmutableArray<string>> RunningAsync()
    {
        var running = ImmutableArray.CreateBuilder<string>();
        foreach (var unit in NfsServers.All.Select(server => server.Service.Unit))
        {
            // 3: it does not run.
            var state = await context.RunAsync(new ToolCommand("systemctl", "is-active", unit) { SuccessCodes = [0, 3, 4] }).ConfigureAwait(false);
            if (state.ExitCode == 0)
            {
                running.Add(unit);
            }
        }

        return running.ToImmutable();
    }
}
