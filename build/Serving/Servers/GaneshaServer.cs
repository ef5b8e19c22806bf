using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Serving.Managers;
using Dom0Image.Stages;

namespace Dom0Image.Serving.Servers;

/// <summary>nfs-ganesha.</summary>
internal sealed class GaneshaServer : IBootServer
{
    /// <summary>Its program.</summary>
    public const string Program = "ganesha.nfsd";

    /// <summary>Its own log, where Debian has it.</summary>
    public const string Log = "/var/log/ganesha/ganesha.log";

    private const string DropIns = "/etc/systemd/system/nfs-ganesha.service.d/";

    /// <inheritdoc/>
    public Service Service => Service.Ganesha;

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named(Program) is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public bool Reads(string place) => place == ServerPlaces.Ganesha || place.StartsWith(DropIns, StringComparison.Ordinal);

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => RunningSince is null
            ? Task.FromResult<ImmutableArray<Diagnostic>>([new Diagnostic("nfs-ganesha does not run: hosts get their kernel, but no root") { Hint = $"Its own log is {Log}." }])
            : NfsQuestions.AskAsync(served, ServerPlaces.Ganesha, stage);
}
