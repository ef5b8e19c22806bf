using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Servers;

/// <summary>tftpd-hpa. It is asked for the loaders, a menu, and the kernels and hypervisor that menus name, which are compared byte for byte with what was made.</summary>
internal sealed class TftpServer : IBootServer
{
    private const string Program = "in.tftpd";

    // curl(1): the TFTP server said that there is no such file, or that it may not be read.
    private const int NoSuchFile = 68;
    private const int NoPermission = 69;

    private static readonly ImmutableArray<int> AnyCode = [.. Enumerable.Range(0, 128)];

    /// <inheritdoc/>
    public Service Service => Service.Tftpd;

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named(Program) is [var process, ..] ? process.Started : null;

    /// <inheritdoc/>
    public bool Reads(string place) => place is ServerPlaces.Tftpd or ServerPlaces.TftpdMap;

    /// <inheritdoc/>
    public async Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
    {
        if (RunningSince is null)
        {
            return [new Diagnostic("no TFTP server runs: hosts get an address, but no loader")];
        }

        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var (file, content) in Expected(served))
        {
            stage.Cancellation.ThrowIfCancellationRequested();
            var (problem, answered) = await AskAsync(served, file, content, stage).ConfigureAwait(false);
            if (problem is not null)
            {
                found.Add(problem);
            }

            if (!answered)
            {
                // Nor will it for the others, each of which would be waited for.
                break;
            }
        }

        return found.ToImmutable();
    }

    // One host's menu stands for all: they are links into one directory.
    private static IEnumerable<(string File, byte[] Content)> Expected(Served served)
    {
        yield return (GrubImages.BiosFile, File.ReadAllBytes(served.Loaders.Bios));
        yield return (GrubImages.EfiFile, File.ReadAllBytes(served.Loaders.Efi));
        var menu = served.Site.Hosts.IsEmpty ? $"{served.Site.Profiles[0].Name}.conf" : $"{served.Site.Hosts[0].Name}.conf";
        yield return ($"grub/{menu}", served.Set.MenuContent(menu));
        foreach (var file in served.Set.MenuTexts.SelectMany(text => MenuText.Of(text.Content).Files).Distinct().Order(StringComparer.Ordinal))
        {
            yield return (file.TrimStart('/'), File.ReadAllBytes(Places.Tftp + file));
        }
    }

    private static async Task<(Diagnostic? Problem, bool Answered)> AskAsync(Served served, string file, byte[] content, StageContext stage)
    {
        var scratch = Directory.CreateTempSubdirectory("dom0image-tftp-");
        try
        {
            var got = Path.Combine(scratch.FullName, "file");
            var url = $"tftp://{served.Site.BootServer}/{file}";
            var asked = await stage.RunAsync(new ToolCommand("curl", "--silent", "--show-error", "--max-time", "60", "--tftp-blksize", "1428", "--output", got, url) { SuccessCodes = AnyCode }).ConfigureAwait(false);
            return asked.ExitCode switch
            {
                0 when File.Exists(got) && File.ReadAllBytes(got) is var bytes => (FirstDifference(bytes, content) is { } at
                    ? new Diagnostic($"{url} is not what was made: byte {at} of {content.Length} is the first that differs") { Hint = Cure(file, content) }
                    : null, true),
                NoSuchFile or NoPermission => (new Diagnostic($"the TFTP server does not give {url}: {(asked.ExitCode == NoSuchFile ? "it has no such file" : "it may not read it")}") { Hint = Cure(file, content) }, true),
                _ => (new Diagnostic($"the TFTP server runs, but does not answer at {served.Site.BootServer} (curl ends with code {asked.ExitCode})") { Hint = "Is there a packet filter between?" }, false),
            };
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static int? FirstDifference(ReadOnlySpan<byte> got, ReadOnlySpan<byte> meant)
        => got.CommonPrefixLength(meant) is var same && same == got.Length && same == meant.Length ? null : same;

    private static string Cure(string file, byte[] content)
    {
        var path = $"{Places.Tftp}/{file}";
        if (!File.Exists(path) || FirstDifference(File.ReadAllBytes(path), content) is not null)
        {
            return $"{path} is not as it was published: ./build.sh --target=BootFiles writes it.";
        }

        var directory = ServerProcess.Named(Program) is [var process, ..] ? process.Arguments[^1] : Places.Tftp;
        return directory == Places.Tftp ? $"Can user tftp read {path}?" : $"The server serves {directory} and not {Places.Tftp}, as {ServerPlaces.Tftpd} tells it.";
    }
}
