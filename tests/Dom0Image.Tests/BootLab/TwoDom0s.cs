using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Servers;
using Dom0Image.BootTesting;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Xen.Guest;
using Mono.Unix.Native;

namespace Dom0Image.Tests.BootLab;

/// <summary>Two dom0s of one lab, each with a root shell, and a guest with a disk that it writes to, which either can start.</summary>
internal sealed class TwoDom0s : IAsyncDisposable
{
    /// <summary>The guest's configuration, as dom0s see it.</summary>
    public const string Configuration = $"{Places.DomUImages}/writer.cfg";

    /// <summary>The guest.</summary>
    public const string Guest = "writer";

    private const string Disk = "writer.img";
    private const int DiskBytes = 1 << 20;

    private readonly ClientLab _lab;

    private TwoDom0s(ClientLab lab) => _lab = lab;

    /// <summary>Factor for limits of time.</summary>
    public double Slowness => _lab.Slowness;

    /// <summary>Root's shells.</summary>
    public ImmutableArray<ClientShell> Shells { get; private set; } = [];

    /// <summary>Their consoles.</summary>
    public ImmutableArray<SerialConsole> Consoles => [.. _lab.Clients.OrderBy(c => c.Key).Select(c => c.Value.Console)];

    /// <summary>Their names.</summary>
    public ImmutableArray<string> Names => [.. _lab.Site.Hosts.Select(h => h.Name)];

    /// <summary>The first line of the guest's disk, as the boot server has it.</summary>
    public string OnDisk
    {
        get
        {
            using var disk = File.OpenRead(Path.Combine(_lab.Storage.Images, Disk));
            var block = new byte[64];
            disk.ReadExactly(block);
            return System.Text.Encoding.ASCII.GetString(block).Split('\n', '\0')[0];
        }
    }

    /// <summary>Boots them up to their log-ins.</summary>
    public static async Task<TwoDom0s> BootAsync(BuiltGeneration built)
    {
        var scenario = new BootScenario("two", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { Clients = 2 };
        var dom0s = new TwoDom0s(await ClientLab.StartAsync(built, scenario, images: (plan, storage) => AddGuestAsync(plan, storage, built.Context)));
        try
        {
            dom0s.Shells = [.. await Task.WhenAll(dom0s._lab.Site.Hosts.Select((host, index) => dom0s._lab.LogInAsync(host, index, scenario.Hardware)))];
            return dom0s;
        }
        catch
        {
            await dom0s.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command on one of them.</summary>
    public Task<ShellResult> RunAsync(int index, string command) => Shells[index].RunAsync(command, TimeSpan.FromSeconds(200) * Slowness, CancellationToken.None);

    /// <summary>Starts the guest on one of them.</summary>
    public Task<ShellResult> CreateAsync(int index) => RunAsync(index, $"xl create {Configuration} 2>&1");

    /// <summary>Types a line at the guest's console, and leaves it when it has said something.</summary>
    public async Task TypeToGuestAsync(int index, string line, string until)
    {
        var console = Consoles[index];
        var mark = console.Mark;
        await console.TypeAsync($"xl console {Guest}; stty -echo; echo @@'left'\n", CancellationToken.None);
        await ExpectAsync(console, "example guest is up", mark);
        await console.TypeAsync(line + "\n", CancellationToken.None);
        await ExpectAsync(console, until, mark);
        await console.TypeAsync("\x1d", CancellationToken.None);
        await ExpectAsync(console, "@@left", mark);
    }

    /// <summary>Has one stand still, as a machine does that hangs, or go on.</summary>
    public void Freeze(int index, bool frozen)
        => Assert.That(Syscall.kill(QemuOf(_lab.Site.Hosts[index].Mac), frozen ? Signum.SIGSTOP : Signum.SIGCONT), Is.Zero);

    /// <summary>Switches one off, as by its plug.</summary>
    public ValueTask KillAsync(int index) => _lab.Clients[index].DisposeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private static async Task AddGuestAsync(BootTestPlan plan, LabStorage storage, StageContext context)
    {
        var example = await LabGuest.PlaceAsync(plan.Generation, storage.Images, context);
        var configuration = await File.ReadAllTextAsync(Path.Combine(storage.Images, example.DirectoryName, ExampleGuest.ConfigurationFile));
        await File.WriteAllTextAsync(Path.Combine(storage.Images, Path.GetFileName(Configuration)), configuration
            .Replace($"name = \"{ExampleGuest.Name}\"", $"name = \"{Guest}\"", StringComparison.Ordinal)
            .Replace("disk = [ ", $"disk = [ \"vdev=xvdb,access=w,script=block,target={Places.DomUImages}/{Disk}\", ", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(Path.Combine(storage.Images, Disk), new byte[DiskBytes]);
    }

    private async Task ExpectAsync(SerialConsole console, string text, int mark)
        => Assert.That(await console.ExpectAsync(new Regex(text), mark, TimeSpan.FromSeconds(120) * Slowness, CancellationToken.None), Is.Not.Null, () => $"'{text}' in\n{string.Join('\n', console.Lines.TakeLast(30).Select(l => l.Text))}");

    private static int QemuOf(MacAddress mac)
    {
        return Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Single(pid => IsQemu(pid) && File.ReadAllText($"/proc/{pid}/cmdline").Contains($"{mac}", StringComparison.OrdinalIgnoreCase));
    }

    // Another run's clients may have the same addresses.
    private static bool IsQemu(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").StartsWith("qemu-system", StringComparison.Ordinal) && IsOurs(pid);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsOurs(int pid)
        => pid == Environment.ProcessId || (pid > 1 && IsOurs(int.Parse(File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture)));
}
