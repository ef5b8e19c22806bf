using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Servers;

/// <summary>
/// isc-dhcp-server. It answers nobody on its own machine, so that it is not asked for an address: its command line, its port and
/// the time of its start tell that it answers with our file.
/// </summary>
internal sealed class DhcpServer : IBootServer
{
    private const string Program = "dhcpd";

    private static readonly ListeningPort Port = new(Tcp: false, 67);

    /// <inheritdoc/>
    public Service Service => Service.Dhcpd;

    /// <inheritdoc/>
    public DateTime? RunningSince => Version4() is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public bool Reads(string place) => place is ServerPlaces.Dhcpd or ServerPlaces.DhcpdDefaults;

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage) => Task.FromResult<ImmutableArray<Diagnostic>>([.. Problems()]);

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Notes(Site site)
        => from process in Version4()
           let file = ArgumentOf(process, "-lf") ?? LentAddresses.DefaultFile
           where File.Exists(file)
           from full in LentAddresses.FullRanges(site, File.ReadAllText(file), DateTime.UtcNow)
           select full;

    private static IEnumerable<Diagnostic> Problems()
    {
        var running = Version4();
        if (running.IsEmpty)
        {
            yield return new Diagnostic("no DHCP server runs: hosts get no address");
            yield break;
        }

        foreach (var process in running)
        {
            if (FileOf(process) is var file && file != ServerPlaces.Dhcpd)
            {
                yield return new Diagnostic($"the DHCP server (process {process.Id}) reads {file}")
                {
                    Expected = ServerPlaces.Dhcpd,
                    Hint = $"If {ServerPlaces.DhcpdDefaults} says so, take ours; if somebody started it by hand: kill {process.Id}. Then run this again.",
                };
            }
            else if (process.Started < FileStatus.ChangedAt(file))
            {
                yield return new Diagnostic($"the DHCP server (process {process.Id}) was started before {file} was changed, and has not read it");
            }
        }

        if (!Port.IsOpen(Environment.ProcessId))
        {
            yield return new Diagnostic("the DHCP server runs, but nothing listens on port 67");
        }
    }

    private static ImmutableArray<ServerProcess> Version4() => [.. ServerProcess.Named(Program).Where(p => !p.Arguments.Contains("-6"))];

    private static string FileOf(ServerProcess process) => ArgumentOf(process, "-cf") ?? ServerPlaces.Dhcpd;

    private static string? ArgumentOf(ServerProcess process, string option)
        => process.Arguments.IndexOf(option) is >= 0 and var at && at + 1 < process.Arguments.Length ? process.Arguments[at + 1] : null;
}
