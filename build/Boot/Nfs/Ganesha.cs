using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Nfs;

/// <summary>nfs-ganesha, in user space: any kernel does.</summary>
internal sealed class Ganesha : IBootServer
{
    /// <summary>All but what it exports.</summary>
    public const string Settings = "/etc/ganesha/ganesha.conf";

    /// <summary>What it exports: a file of its own, which it reads again when it is told to, and all else only when it starts.</summary>
    public const string Exports = "/etc/ganesha/dom0image-exports.conf";

    /// <summary>Starts it only when all that it exports is mounted.</summary>
    public const string Start = "/etc/systemd/system/nfs-ganesha.service.d/dom0image.conf";

    private const string Program = "ganesha.nfsd";
    private const string Package = "nfs-ganesha";

    // Its own log, where Debian has it.
    private const string Log = "/var/log/ganesha/ganesha.log";
    private const string ExportsRead = "Reread exports complete";

    // It has no dry run. It reads its whole configuration before it looks for a portmapper; where there is none it gives up.
    // On a network without any address it would take none for one. $1 is which of its two files is read; the other one is as
    // simple as can be. A word that it does not know is a warning to it, and the setting is not made.
    private const string ReadFile =
        """
        for place in /opt /var/lib/nfs /run; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        ip address add 192.0.2.1/32 dev lo
        echo '%include "dom0image-exports.conf"' > /run/ganesha.conf
        echo 'EXPORT { Export_Id = 1; Path = /run; Pseudo = /run; FSAL { Name = VFS; } }' > /run/dom0image-exports.conf
        cat > "/run/$1"
        shift
        mkdir -p "$@"
        timeout -s KILL 20 ganesha.nfsd -F -f /run/ganesha.conf -p /run/ganesha.pid -L /run/log -N EVENT || true
        test -s /run/log
        if grep -E ':CONFIG :(CRIT|FATAL|MAJ)|Config File [(]|No export entries' /run/log >&2; then
          exit 1
        fi
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public string Kind => "NFS server";

    /// <summary>Debian has no script for it.</summary>
    public Service Service { get; } = new(Package, ["nfs-ganesha.service", "nfs-ganesha-lock.service"])
    {
        WithoutScript = new BareStart(new ToolCommand(Program, "-f", Settings, "-L", Log, "-N", "NIV_EVENT"), "/run/ganesha", "nfs-server: kernel"),
    };

    /// <inheritdoc/>
    public ImmutableArray<string> Packages => [Package, "nfs-ganesha-vfs"];

    /// <inheritdoc/>
    public ImmutableArray<ServerFile> Files { get; } =
    [
        new(Settings, RenderSettings, Check(Settings)),
        new(Exports, site => NfsExport.Of(site).SelectMany((export, index) => Render(index + 1, export)), Check(Exports)) { ReadAgain = true, Sense = WritableExport },
        new(Start, RenderStart, ServerFileCheck.Unit(Start)) { OfMounts = true },
    ];

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named(Program) is [var process, ..] ? process.Started : null;

    /// <summary>Tells it by a signal, which has no answer, and waits until its log says that it has read its exports.</summary>
    /// <exception cref="BuildFailedException">It did not say so in time.</exception>
    public async Task ReadAgainAsync(StageContext stage)
    {
        var end = new FileInfo(Log) is { Exists: true } log ? log.Length : 0;
        var processes = ServerProcess.Named(Program).Select(process => process.Id.ToString(CultureInfo.InvariantCulture));
        await stage.RunAsync(new ToolCommand("kill", (string[])["-HUP", .. processes])).ConfigureAwait(false);
        for (var waited = TimeSpan.Zero; !LoggedSince(end).Contains(ExportsRead, StringComparison.Ordinal); waited += Pause)
        {
            if (waited > Limit)
            {
                throw new BuildFailedException(new Diagnostic($"it was told to read its exports again, and {Log} does not say that it did")
                {
                    Hint = "Does /etc/default/nfs-ganesha have it log elsewhere? When it was restarted, it has read them.",
                });
            }

            await Task.Delay(Pause, stage.Cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => RunningSince is null
            ? Task.FromResult<ImmutableArray<Diagnostic>>([new Diagnostic("nfs-ganesha does not run: hosts get their kernel, but no root") { Hint = $"Its own log is {Log}." }])
            : NfsQuestions.AskAsync(served, Exports, stage);

    /// <inheritdoc/>
    public IEnumerable<ServerInLab> InLab(LabGround lab)
    {
        foreach (var directory in new[] { "/run/ganesha", "/var/lib/nfs/ganesha", "/var/log/ganesha" })
        {
            lab.Make(directory);
        }

        yield return new ServerInLab(new ToolCommand(Program, "-F", "-f", lab.Inside(Settings), "-p", "/run/ganesha/pid", "-L", "STDOUT"), new ListeningPort(Tcp: true, 2049));
    }

    private static ServerFileCheck Check(string place)
        => ServerFileCheck.Isolated(Program, Package, ReadFile, text => [Path.GetFileName(place), .. NfsExport.NamedIn(text)]);

    // NFSv3, which is what the kernel mounts its root with, without locks. Domains' disks are mounted by NFSv4, whose locks end with
    // the client that holds them; by NFSv3 as well, for clients that still run from a generation that knows no other.
    private static IEnumerable<string> RenderSettings(Site site) =>
    [
        "NFS_CORE_PARAM {",
        $"  Protocols = {(NfsExport.HasLocks(site) ? "3, 4" : "3")};",
        $"  Bind_addr = {site.BootServer};",
        "  NFS_Port = 2049;",
        $"  MNT_Port = {NfsExport.MountPort};",
        "  Enable_NLM = false;",
        "  Enable_RQUOTA = false;",
        "}",
        .. NfsExport.HasLocks(site) ? Locks : [],
        // A place without a slash is beside this file.
        $"%include \"{Path.GetFileName(Exports)}\"",
    ];

    // Owners as numbers: nobody's names are known on both ends.
    private static readonly string[] Locks =
    [
        "NFSv4 {",
        $"  Lease_Lifetime = {NfsExport.LeaseSeconds};",
        "  Minor_Versions = 0;",
        "  Only_Numeric_Owners = true;",
        "  Delegations = false;",
        "}",
    ];

    // PrivilegedPort: or whoever has an account on a client says that he is root there. The kernel's server has it by default.
    private static IEnumerable<string> Render(int id, NfsExport export)
    {
        var protocols = export.Locks ? "3, 4" : "3";
        return
        [
            "EXPORT {",
            $"  Export_Id = {id};",
            $"  Path = {export.Path};",
            $"  Pseudo = {export.Path};",
            $"  Protocols = {protocols};",
            "  Transports = TCP;",
            "  SecType = sys;",
            "  Access_Type = None;",
            "  CLIENT {",
            $"    Clients = {string.Join(",\n      ", export.Clients)};",
            $"    Access_Type = {(export.Writable ? "RW" : "RO")};",
            $"    Protocols = {protocols};",
            "    Squash = No_Root_Squash;",
            "    PrivilegedPort = true;",
            "  }",
            "  FSAL { Name = VFS; }",
            "}",
        ];
    }

    // The unit's requirement alone would not see that somebody unmounted it by hand.
    private static IEnumerable<string>? RenderStart(Site site) => VolumeUnits.AreMade(site) ?
    [
        "[Unit]",
        $"RequiresMountsFor={string.Join(' ', ExportVolumes.Of(site).Select(v => v.Place))}",
        "",
        "[Service]",
        .. ExportVolumes.Of(site).Select(v => $"ExecStartPre=/usr/bin/mountpoint -q {v.Place}"),
    ] : null;

    // EXPORT { ... Path = PATH; ... Access_Type = None; CLIENT { ... Access_Type = RO; } }
    private static IEnumerable<string> WritableExport(string[] lines, BootFileSet set)
    {
        var inGenerations = false;
        foreach (var line in lines)
        {
            string[] words = [.. line.TrimEnd(';').Split('=').Select(word => word.Trim())];
            if (words is ["Path", var path])
            {
                inGenerations = path.Trim('"') == Places.Generations;
            }
            else if (inGenerations && words is ["Access_Type", var access] && !access.Equals("RO", StringComparison.OrdinalIgnoreCase) && !access.Equals("None", StringComparison.OrdinalIgnoreCase))
            {
                yield return NfsExport.WritableGenerations;
            }
        }
    }

    // A log that was rotated meanwhile is read from its start.
    private static string LoggedSince(long end)
    {
        if (!File.Exists(Log))
        {
            return "";
        }

        using var log = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Position = log.Length < end ? 0 : end;
        using var reader = new StreamReader(log, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
