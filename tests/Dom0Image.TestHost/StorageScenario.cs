using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.TestHost;

/// <summary>What a boot server's storage goes through, below a directory; to be run in mount and network namespaces of a test's own.</summary>
internal static class StorageScenario
{
    /// <summary>Does one thing; ends itself with kill -9 at a step when the environment says so.</summary>
    /// <param name="root">Stands for <c>/</c>.</param>
    /// <param name="verb">What to do.</param>
    /// <param name="arguments">For imgs and generations <c>NAME=SIZE</c>, <c>NAME=SIZE,sparse</c> or <c>NAME=/dev/...</c>; <c>accepted</c>; <c>grow:NAME=SIZE</c>; <c>now</c>.</param>
    public static async Task RunAsync(string root, string verb, string[] arguments)
    {
        var site = SiteOf(arguments);
        var places = new StoragePlaces(root);
        var context = new StageContext(new BuildStore(root + "/store"), new ToolRunner(), new KillingProgress(), CancellationToken.None);
        try
        {
            switch (verb)
            {
                case "ensure":
                    await new VolumeSetup(site, places, context).EnsureAsync();
                    Console.WriteLine(await ExportGate.PassAsync(site, places, context));
                    break;
                case "move":
                    await new VolumeMove(site, places, context).MoveAsync(arguments.Contains("now"));
                    break;
                case "grow":
                    await new VolumeGrowth(site, places, context).GrowAsync(
                        arguments.Where(a => a.StartsWith("grow:", StringComparison.Ordinal)).Select(a => a[5..].Split('=')).ToImmutableSortedDictionary(w => w[0], w => long.Parse(w[1], CultureInfo.InvariantCulture)));
                    break;
                case "report":
                    Console.WriteLine(await StorageReport.TellAsync(site, places, context));
                    break;
                case "make":
                    await VolumeImage.MakeAsync(root, long.Parse(arguments[0], CultureInfo.InvariantCulture), arguments.Contains("sparse"), context);
                    break;
                case "write":
                    await File.WriteAllBytesAsync(root, new byte[int.Parse(arguments[0], CultureInfo.InvariantCulture)]);
                    Durable.SyncFile(root);
                    break;
                default:
                    throw new ArgumentException($"no verb '{verb}'");
            }
        }
        catch (IOException problem) when (verb == "write" && (DiskSpace.Explain(problem, Path.GetDirectoryName(root)!) ?? BrokenDisk.Explain(problem, Path.GetDirectoryName(root)!)) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Plays an NFS server with a client that is connected, until it is killed.</summary>
    public static async Task ConnectAsync()
    {
        var server = new TcpListener(IPAddress.Loopback, 2049);
        server.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, 2049);
        Console.WriteLine("connected");
        await Task.Delay(Timeout.Infinite);
    }

    private static Site SiteOf(string[] arguments)
    {
        var server = IPAddress.Parse("192.168.0.5");
        VolumeSettings Volume(string name, VolumeSettings byDefault)
            => arguments.FirstOrDefault(a => a.StartsWith($"{name}=", StringComparison.Ordinal)) is { } given ? Parse(given[(name.Length + 1)..]) : byDefault;
        return new Site
        {
            Name = "test",
            File = "recipes/sites/test.yaml",
            BootServer = server,
            Subnets = [new Subnet(IPNetwork.Parse("192.168.0.0/24"), null, [], null, null)],
            Profiles = [],
            Hosts = [new BootHost("post01", MacAddress.Parse("02:00:00:00:00:01"), IPAddress.Loopback, "dom0")],
            RootLogin = new RootLogin(null, [], EmptyPasswordAllowed: false),
            Images = arguments.Any(a => a.StartsWith("imgs=", StringComparison.Ordinal)) ? ImagesExport.ReadWrite : ImagesExport.None,
            Storage = new ServedStorage(Volume("generations", ServedStorage.Default.Generations), Volume("imgs", ServedStorage.Default.Images))
            {
                SharedAcceptedFor = arguments.Contains("accepted") ? server : null,
            },
        };
    }

    private static VolumeSettings Parse(string text)
    {
        var words = text.Split(',');
        var where = new SourceLocation("recipes/sites/test.yaml", 7, 5);
        return text.StartsWith('/') ? new DeviceVolume(text) { Where = where }
            : new ImageFileVolume(long.Parse(words[0], CultureInfo.InvariantCulture), words.Contains("sparse")) { Where = where };
    }

    /// <summary>Kills its process, if the environment says so, when the so-manieth step begins.</summary>
    private sealed class KillingProgress : IStageProgress
    {
        private readonly int _at = int.Parse(Environment.GetEnvironmentVariable("KILL_AT") ?? "0", CultureInfo.InvariantCulture);
        private int _steps;

        public void Report(string activity, double? fraction = null)
        {
            Console.WriteLine($"step: {activity}");
            if (Interlocked.Increment(ref _steps) == _at)
            {
                Mono.Unix.Native.Syscall.kill(Environment.ProcessId, Mono.Unix.Native.Signum.SIGKILL);
            }
        }

        public void Note(string message) => Console.WriteLine(message);

        public void Warn(string message) => Console.WriteLine($"warning: {message}");
    }
}
