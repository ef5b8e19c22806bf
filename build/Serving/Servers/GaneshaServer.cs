using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Servers;

/// <summary>nfs-ganesha.</summary>
internal sealed class GaneshaServer : IBootServer
{
    public const string Program = "ganesha.nfsd";

    private const string DropIns = "/etc/systemd/system/nfs-ganesha.service.d/";

    /// <inheritdoc/>
    public Service Service => Service.Ganesha;

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named(Program) is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public bool Reads(string place) => place is ServerPlaces.Ganesha or ServerPlaces.GaneshaExports || place.StartsWith(DropIns, StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool ReadsAgain(string place) => place is ServerPlaces.GaneshaExports;

    /// <inheritdoc/>
    public async Task ReadAgainAsync(StageContext stage)
    {
        var log = new GaneshaLog();
        var processes = ServerProcess.Named(Program).Select(process => process.Id.ToString(CultureInfo.InvariantCulture));
        await stage.RunAsync(new ToolCommand("kill", (string[])["-HUP", .. processes])).ConfigureAwait(false);
        await log.ExportsReadAsync(stage.Cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => RunningSince is null
            ? Task.FromResult<ImmutableArray<Diagnostic>>([new Diagnostic("nfs-ganesha does not run: hosts get their kernel, but no root") { Hint = $"Its own log is {GaneshaLog.Place}." }])
            : NfsQuestions.AskAsync(served, ServerPlaces.GaneshaExports, stage);
}
