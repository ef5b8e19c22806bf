using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Dom0Image.Boot.Loaders;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Menus;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Tftp;

/// <summary>tftpd-hpa. It is asked for the loaders, a menu, and the kernels and hypervisor that menus name, which are compared byte for byte with what was made.</summary>
internal sealed partial class TftpdHpa : IBootServer
{
    /// <summary>How it is started: shell assignments that its init script and unit read.</summary>
    public const string Defaults = "/etc/default/tftpd-hpa";

    /// <summary>Names that it takes for others.</summary>
    public const string Map = "/etc/tftpd-hpa.map";

    private const string Program = "in.tftpd";
    private const string Package = "tftpd-hpa";

    // It reads the map first. A rule that it cannot read is EX_CONFIG; here, where it finds no address to listen at, EX_NOINPUT.
    private const string ReadMap =
        """
        mount -t tmpfs tmpfs /run
        cat > /run/map
        code=0
        in.tftpd --foreground --address 192.0.2.1:69 --map-file /run/map / || code=$?
        if [ "$code" != 66 ]; then
          echo "a rule cannot be read (exit code $code)" >&2
          exit 1
        fi
        """;

    private const string LookAtDefaults =
        """
        for name in TFTP_USERNAME TFTP_DIRECTORY TFTP_ADDRESS TFTP_OPTIONS; do
          eval "value=\${$name:-}"
          if [ -z "$value" ]; then
            echo "$name is not set" >&2
            exit 1
          fi
        done
        """;

    // curl(1): the TFTP server said that there is no such file, or that it may not be read.
    private const int NoSuchFile = 68;
    private const int NoPermission = 69;

    private static readonly ImmutableArray<int> AnyCode = [.. Enumerable.Range(0, 128)];

    /// <inheritdoc/>
    public string Kind => "TFTP server";

    /// <inheritdoc/>
    public Service Service { get; } = new(Package, ["tftpd-hpa.service"]);

    /// <inheritdoc/>
    public ImmutableArray<ServerFile> Files { get; } =
    [
        new(Defaults, RenderDefaults, ServerFileCheck.Defaults(LookAtDefaults)) { AsPackaged = MadeByPostinst },
        new(Map, _ => RenderMap, ServerFileCheck.Isolated(Program, Package, ReadMap)),
    ];

    /// <inheritdoc/>
    public DateTime? RunningSince => ServerProcess.Named(Program) is [var process, ..] ? process.Started : null;

    /// <summary>Whether the server that runs here logs what it is asked for; null when none runs.</summary>
    public static bool? LogsRequests() => ServerProcess.Named(Program) is [var process, ..] ? process.Arguments.Any(Verbose().IsMatch) : null;

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

    /// <inheritdoc/>
    public IEnumerable<ServerInLab> InLab(LabGround lab)
        // The boot server's listens at its own address alone; the daily server is a machine of its own.
        => lab.Addresses.Select((address, index) => new ServerInLab(
            new ToolCommand(Program, "--foreground").With([.. ArgumentsOf(lab.Here(Defaults), index == 0 ? null : address).Select(lab.Inside)]),
            index == 0 ? new ListeningPort(Tcp: false, 69) : null));

    /// <summary>The command line that its init script makes of its defaults, without what is about the foreground.</summary>
    /// <param name="file">Path of an <c>/etc/default/tftpd-hpa</c>.</param>
    /// <param name="at">Another address to listen at than the file's; null for the file's.</param>
    /// <exception cref="BuildFailedException">It has no directory to serve.</exception>
    private static IEnumerable<string> ArgumentsOf(string file, IPAddress? at)
    {
        var values = File.ReadLines(file)
            .Select(line => line.Trim().Split('=', 2))
            .Where(parts => parts.Length == 2 && !parts[0].StartsWith('#'))
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim().Trim('"', '\''));
        if (!values.TryGetValue("TFTP_DIRECTORY", out var directory))
        {
            throw new BuildFailedException(new Diagnostic("no TFTP_DIRECTORY") { Where = new SourceLocation(file) });
        }

        string[] user = values.TryGetValue("TFTP_USERNAME", out var name) ? ["--user", name] : [];
        string[] address = at is not null ? ["--address", $"{at}:69"] : values.TryGetValue("TFTP_ADDRESS", out var where) ? ["--address", where] : [];
        return [.. user, .. address, .. values.GetValueOrDefault("TFTP_OPTIONS", "").Split(' ', StringSplitOptions.RemoveEmptyEntries), directory];
    }

    // What each client asks for is logged: it tells which generation it may still run. Without an address it would listen on all that the machine has, and on IPv6, which not every kernel has.
    private static IEnumerable<string> RenderDefaults(Site site) =>
    [
        "TFTP_USERNAME=\"tftp\"",
        $"TFTP_DIRECTORY=\"{Places.Tftp}\"",
        $"TFTP_ADDRESS=\"{site.BootServer}:69\"",
        $"TFTP_OPTIONS=\"--secure --verbose --map-file {Map}\"",
    ];

    // DHCP's option 67 ends by its length; UEFI ROMs that take it for a string with a zero at its end ask for the loader with the
    // byte that comes after it, often 0xFF, the end of all options.
    private static IEnumerable<string> RenderMap =>
    [
        "# The UEFI loader, asked for with a stray byte after its name.",
        .. NetworkLoaders.All.Where(loader => loader.IsEfi).Select(loader => $@"r ^(/?{Regex.Escape(loader.File)}).$ \1"),
    ];

    // The same in Debian 12 and 13.
    private static string? MadeByPostinst(DebconfAnswers answers)
    {
        return Answer("username", "tftp") is { } user
            && Answer("directory", "/srv/tftp") is { } directory
            && Answer("address", ":69") is { } address
            && Answer("options", "") is { } options
            ? $"""
                # /etc/default/tftpd-hpa

                TFTP_USERNAME="{user}"
                TFTP_DIRECTORY="{directory}"
                TFTP_ADDRESS="{address}"
                TFTP_OPTIONS="{options}"

                """
            : null;

        string? Answer(string question, string whenEmpty)
            => answers.Get($"tftpd-hpa/{question}") is { } answer ? answer.Length > 0 ? answer : whenEmpty : null;
    }

    // One host's menu stands for all: they are links into one directory.
    private static IEnumerable<(string File, byte[] Content)> Expected(Served served)
    {
        foreach (var loader in NetworkLoaders.All)
        {
            yield return (loader.File, served.Loaders.Read(loader));
        }

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
        return directory == Places.Tftp ? $"Can user tftp read {path}?" : $"The server serves {directory} and not {Places.Tftp}, as {Defaults} tells it.";
    }

    // in.tftpd(8): short options can stand together.
    [GeneratedRegex(@"\A(--verbos(e|ity)|-[46clsvp]*v)")]
    private static partial Regex Verbose();
}
