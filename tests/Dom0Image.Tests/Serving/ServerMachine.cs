using System.Collections.Immutable;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.BootLab.Network;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Serving;

/// <summary>
/// A throw-away copy of this machine as a boot server: an overlay over its root, with Debian's own System V scripts, on a network
/// of its own with the address of the example site. Its servers have never been started, and their files are not there.
/// </summary>
internal sealed class ServerMachine : IAsyncDisposable
{
    /// <summary>Its address.</summary>
    public const string Address = "192.168.0.5";

    private static readonly string[] Servers = ["isc-dhcp-server", "tftpd-hpa", "rpcbind", "nfs-kernel-server", "radvd"];

    // Arguments: a directory, the checkout, the directory of dotnet, and servers.
    private const string SetUp =
        """
        base=$1 checkout=$2 runtime=$3
        shift 3
        mount -t tmpfs tmpfs "$base"
        mkdir "$base/upper" "$base/work" "$base/root" "$base/upper2" "$base/work2"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/root"
        cd "$base/root"
        mount -t proc proc proc
        mount -t sysfs sysfs sys
        mount --rbind /dev dev
        for place in tmp run var/lib/nfs var/lib/dhcp var/log opt srv tftpboot; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        mkdir -p ".$checkout" ".$runtime" var/log/ganesha srv/tftp
        mount -t overlay overlay -o "lowerdir=$checkout,upperdir=$base/upper2,workdir=$base/work2" ".$checkout"
        mount --bind "$runtime" ".$runtime"
        rm -f etc/default/tftpd-hpa etc/default/isc-dhcp-server etc/dhcp/dhcpd.conf etc/ganesha/ganesha.conf etc/ganesha/dom0image-exports.conf usr/sbin/policy-rc.d
        for server in "$@"; do chroot . update-rc.d "$server" disable; done
        ip link set lo up
        ip link add br0 type bridge
        ip address add 192.168.0.5/24 dev br0
        ip link set br0 up
        """;

    private readonly LabNamespace _inside;
    private readonly TempDirectory _temp;
    private readonly Workshop _workshop = new();

    private ServerMachine(LabNamespace inside, TempDirectory temp) => (_inside, _temp) = (inside, temp);

    /// <summary>Its root directory, as this process sees it.</summary>
    public string Root => $"/proc/{_inside.ProcessId}/root{_temp["machine"]}/root";

    public static async Task<ServerMachine> StartAsync()
    {
        var temp = new TempDirectory();
        var inside = await LabNamespace.StartAsync(new ToolRunner(), CancellationToken.None);
        var machine = new ServerMachine(inside, temp);
        try
        {
            await inside.RunAsync(new ToolCommand("sh", "-euc", SetUp, "sh", temp.Make("machine"), Checkout.Root, Path.GetDirectoryName(Environment.ProcessPath)!).With(Servers), CancellationToken.None);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes a small generation; gives its id.</summary>
    public string Publish()
    {
        Directory.CreateDirectory(Root + Places.DomUImages);
        return SmallGeneration.Publish(new Places(Root), _workshop.Root);
    }

    /// <summary>Puts in place what a site's boot files are, and nobody else's.</summary>
    public async Task PutRightAsync(Site site)
    {
        var places = new Places(Root);
        foreach (var file in ServerFileState.Find(BootFiles.Generate(site, null), places).Where(f => f.Kept))
        {
            File.Delete(Root + file.Place);
        }

        await BootFilesJob.RunAsync(site, null, places, _workshop.Context);
    }

    /// <summary>The example site, changed as its file is. What is exported there lies on one disk, which the site accepts.</summary>
    /// <param name="change">From text to text.</param>
    public Site Site(Func<string, string> change)
    {
        var file = $"{Root}{Checkout.Root}/recipes/sites/example.yaml";
        File.WriteAllText(file, change(File.ReadAllText(Path.Combine(Checkout.Root, "recipes/sites/example.yaml")) + $"shared-file-system: {{ accepted: {Address} }}\n"));
        return SiteReader.Read(file);
    }

    /// <summary>Runs the program there, as the administrator does.</summary>
    public Task<(int ExitCode, string Told)> CommandAsync(params string[] arguments)
        => RunAsync(Command(arguments));

    /// <summary>The program's command line.</summary>
    public static string[] Command(params string[] arguments) => [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "dom0image.dll"), "--store=/tmp/store", .. arguments];

    /// <summary>Ends the servers that run.</summary>
    public async Task StopServersAsync()
    {
        while (await RunningAsync() is { IsEmpty: false } running)
        {
            // One may end by itself, or with another.
            await RunAsync(["kill", "-KILL", .. running.Values.SelectMany(processes => processes.Split(' '))]);
            await Task.Delay(50);
        }
    }

    /// <summary>Runs the program on a terminal there, and types an answer.</summary>
    public Task<(int ExitCode, string Told)> AnswerAsync(string answer, params string[] arguments)
        => RunAsync(answer + "\n", ["script", "--quiet", "--return", "--command", string.Join(' ', Command(arguments)), "/dev/null"]);

    /// <summary>Runs any program there, whatever comes of it.</summary>
    public Task<(int ExitCode, string Told)> RunAsync(params string[] command) => RunAsync("", command);

    /// <summary>Runs a program there that must not fail.</summary>
    public async Task DoAsync(params string[] command)
    {
        var (exitCode, told) = await RunAsync(command);
        Assert.That(exitCode, Is.Zero, $"{string.Join(' ', command)}: {told}");
    }

    /// <summary>Has a program do nothing while a test runs.</summary>
    public async Task WithoutAsync(string program, Func<Task> test)
    {
        var away = $"{program}.away";
        await DoAsync("mv", program, away);
        await DoAsync("ln", "-s", "/bin/true", program);
        try
        {
            await test();
        }
        finally
        {
            await DoAsync("mv", "-f", away, program);
        }
    }

    private async Task<(int ExitCode, string Told)> RunAsync(string input, string[] command)
    {
        var told = new StringBuilder();
        var gate = new Lock();
        void Take(string line)
        {
            lock (gate)
            {
                told.Append(line).Append('\n');
            }
        }

        var inside = _inside.Inside(new ToolCommand(command[0]).With(command[1..]) with { SuccessCodes = [.. Enumerable.Range(0, 256)], StandardInput = input }, _temp["machine"] + "/root");
        var result = await new ToolRunner().RunAsync(inside, Take);
        return (result.ExitCode, told.ToString());
    }

    /// <summary>The servers that run, by program, with their process ids.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> RunningAsync()
    {
        var running = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var program in new[] { "dhcpd", "ganesha.nfsd", "in.tftpd", "radvd", "rpc.mountd", "rpcbind" })
        {
            if (await RunAsync("pidof", program) is { ExitCode: 0 } found)
            {
                running[program] = found.Told.Trim();
            }
        }

        return running.ToImmutable();
    }

    /// <summary>The servers that start with the machine.</summary>
    public IEnumerable<string> Enabled
        => Servers.Where(s => new[] { "rcS.d", "rc2.d" }.Any(level => Directory.EnumerateFileSystemEntries($"{Root}/etc/{level}", $"S??{s}").Any()));

    public async ValueTask DisposeAsync()
    {
        await _inside.DisposeAsync();
        _workshop.Dispose();
        _temp.Dispose();
    }
}
