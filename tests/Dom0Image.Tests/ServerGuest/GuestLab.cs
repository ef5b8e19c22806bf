using System.Globalization;
using System.Net;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Network;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>A network of its own with a tap for a server guest and more for its clients, and room for the guest's disks.</summary>
internal sealed class GuestLab : IAsyncDisposable
{
    /// <summary>This machine's address in it, for ssh and for requests of a test's own.</summary>
    public static readonly IPAddress Own = IPAddress.Parse("192.168.0.2");

    private static readonly TempDirectory Kept = new();

    private readonly TempDirectory _temp = new();
    private int _started;

    private GuestLab(LabNamespace inside) => Inside = inside;

    /// <summary>The network.</summary>
    public LabNamespace Inside { get; }

    /// <summary>A directory for the test's files.</summary>
    public string Directory => _temp.Path;

    /// <summary>Where guests' images are made; kept when someone who works on them says where.</summary>
    public static StageContext Context { get; } = new(
        new BuildStore(Environment.GetEnvironmentVariable("DOM0IMAGE_TEST_STORE") ?? Kept["store"]), new ToolRunner(Kept["tools.log"]), new Told(), CancellationToken.None);

    /// <summary>Makes one.</summary>
    /// <param name="clients">How many clients it has room for.</param>
    public static async Task<GuestLab> StartAsync(int clients = 0)
    {
        var inside = await LabNamespace.StartAsync(new ToolRunner(), CancellationToken.None);
        await LabNetwork.CreateAsync(inside, [(Own, 24)], 1 + clients, CancellationToken.None);
        return new GuestLab(inside);
    }

    /// <summary>Deletes what was kept for all tests.</summary>
    public static void DeleteKept() => Kept.Dispose();

    /// <summary>A directory for what several tests use.</summary>
    public static string Keep(string name) => Kept.Make(name);

    /// <summary>A disk that starts as another one is, which is not written to.</summary>
    /// <param name="disk">The other one.</param>
    /// <param name="format">The other one's format.</param>
    /// <param name="file">The new one.</param>
    public static async Task<GuestDisk> OverlayAsync(string disk, string format, string file)
    {
        await Context.RunAsync(new ToolCommand("qemu-img", "create", "-q", "-f", "qcow2", "-F", format, "-b", disk, file));
        return new GuestDisk(file, "qcow2");
    }

    /// <summary>The same of a fresh server's disk, for this lab.</summary>
    public Task<GuestDisk> OverlayAsync(GuestImage image) => OverlayAsync(image.Disk, "raw", _temp["system.qcow2"]);

    /// <summary>Switches a server on.</summary>
    /// <param name="image">What it was made from.</param>
    /// <param name="disks">Its disks, the system's first.</param>
    public Task<GuestMachine> SwitchOnAsync(GuestImage image, params GuestDisk[] disks)
        => GuestMachine.StartAsync(Inside, image, disks, _temp.Make($"guest{_started}"), LogOf($"server{_started++}"));

    /// <summary>Switches a disk-less client on.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="mac">Its card's address.</param>
    public Task<LabClient> SwitchOnClientAsync(int index, MacAddress mac)
        => LabClient.StartAsync(Inside, new ClientHardware(Firmware.Bios, NetworkCard.E1000), 1 + index, mac, Acceleration.Tcg, LogOf($"client{index}-{_started++}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Inside.DisposeAsync();
        _temp.Dispose();
    }

    // They stay, for whoever looks for a failure's cause, until the test is run again.
    private static string LogOf(string name)
    {
        var directory = Path.Combine(TestContext.CurrentContext.WorkDirectory, "server-guests");
        System.IO.Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{TestContext.CurrentContext.Test.MethodName}-{name}.log"));
        File.Delete(file);
        return file;
    }

    private sealed class Told : IStageProgress
    {
        public void Report(string activity, double? fraction = null)
        {
        }

        public void Note(string message)
        {
        }

        public void Warn(string message) => TestContext.Progress.WriteLine(message);
    }
}
