using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Tests.Hosting;
using Mono.Unix.Native;

namespace Dom0Image.Tests.BootLab;

[Category("Slow")]
internal sealed class LabSpecs
{
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan GoneLimit = TimeSpan.FromMinutes(3);

    // Tells this lab's client from those of others on the machine.
    private readonly string _mac = $"{MacAddress.Parse($"52-54-{BitConverter.ToString(RandomNumberGenerator.GetBytes(4))}")}";

    [TestCase(null)]
    [TestCase(Signum.SIGINT)]
    [TestCase(Signum.SIGKILL)]
    public async Task Nothing_of_a_lab_is_left_however_it_ends(Signum? signal)
    {
        using var work = new TempDirectory();
        using var lab = Start(work.Path, signal is null ? "end" : "stay");
        var up = await lab.StandardOutput.ReadLineAsync().WaitAsync(UpLimit);
        Assert.That(up, Is.EqualTo("up SeaBIOS"), () => lab.StandardError.ReadToEnd());
        var processes = OfLab(work.Path);
        Assert.That(processes.Select(p => p.Command), Has.Some.Contains("qemu").And.Some.Contains("dhcpd").And.Some.Contains("ganesha"), "the lab runs");
        Assert.That(Loops(work.Path), Has.Exactly(2).Items, "what it exports is mounted");
        var ours = NetworkOf("/proc/self");
        var theirs = processes.Select(p => NetworkOf(p.Process)).Where(n => n != ours).ToHashSet();
        Assert.That(theirs, Has.Count.EqualTo(1), "the lab has one network of its own");

        if (signal is { } number)
        {
            _ = Syscall.kill(lab.Id, number);
        }
        else
        {
            lab.StandardInput.Close();
        }

        await lab.WaitForExitAsync().WaitAsync(UpLimit);

        Assert.That(() => OfLab(work.Path), Is.Empty.After((int)GoneLimit.TotalMilliseconds, 100));
        Assert.That(Processes().Select(NetworkOf).Where(theirs.Contains), Is.Empty);
        Assert.That(File.ReadAllText("/proc/self/mounts"), Does.Not.Contain(work.Path));
        Assert.That(() => Loops(work.Path), Is.Empty.After((int)GoneLimit.TotalMilliseconds, 100));
    }

    [Test]
    public async Task I_am_told_when_the_disk_of_the_logs_is_full_and_nothing_of_the_lab_is_left()
    {
        using var disk = new SmallDisk(1);
        await using var lab = await MenuLab.StartAsync(new BootScenario("full", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true), _ => { }, disk.Path);
        await using var client = await lab.SwitchOnAsync();
        Assert.That(OfLab(lab.Path), Has.Count.GreaterThan(3), "the lab runs");
        var theirs = NetworkOf(OfLab(lab.Path)[0].Process);
        disk.Fill();

        Assert.That(async () => await client.Console.ExpectAsync(new("no such words"), 0, UpLimit, CancellationToken.None),
            Throws.TypeOf<ConsoleException>().With.Message.Contains("No space left"));
        await lab.Lab.DisposeAsync();

        Assert.That(() => OfLab(lab.Path), Is.Empty.After((int)GoneLimit.TotalMilliseconds, 100));
        Assert.That(Processes().Select(NetworkOf).Where(n => n == theirs), Is.Empty);
    }

    [Test]
    public void Nothing_of_a_lab_is_left_when_a_server_refuses_its_file()
    {
        var work = "";

        Assert.That(async () => await MenuLab.StartAsync(new BootScenario("broken", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true), files =>
        {
            work = Path.GetDirectoryName(Path.GetDirectoryName(files.Configuration))!;
            File.AppendAllText(files.Configuration + "/dhcp/dhcpd.conf", "no such statement;\n");
        }), Throws.TypeOf<BuildFailedException>().With.Message.Contains("dhcpd"));

        Assert.That(() => OfLab(work), Is.Empty.After((int)GoneLimit.TotalMilliseconds, 100));
    }

    private Process Start(string work, string until)
    {
        var start = new ProcessStartInfo(TheCommand.WithSignals[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] lab = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Dom0Image.TestHost.dll"), "run-lab", work, _mac.Replace(':', '-').ToUpperInvariant(), until];
        foreach (var argument in TheCommand.WithSignals.Skip(1).Concat(lab))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    // Servers and clients by what only this lab's have: a root below its directory, or the client's MAC address.
    private List<(string Process, string Command)> OfLab(string work) => [.. Processes()
        .Select(p => (Process: p, Root: Link(p + "/root"), Command: Command(p)))
        .Where(p => p.Root.StartsWith(work, StringComparison.Ordinal) || p.Command.Contains(work, StringComparison.Ordinal) || p.Command.Contains($"mac={_mac}", StringComparison.Ordinal))
        .Where(p => !p.Command.Contains("Dom0Image.TestHost.dll", StringComparison.Ordinal))
        .Select(p => (p.Process, p.Command))];

    private static IEnumerable<string> Processes() => Directory.EnumerateDirectories("/proc").Where(d => char.IsDigit(Path.GetFileName(d)[0]));

    // Loop devices by the files that lie on them.
    private static string[] Loops(string work)
        => [.. Directory.EnumerateDirectories("/sys/block", "loop*").Select(loop => Path.Combine(loop, "loop", "backing_file")).Where(File.Exists)
            .Select(ReadOrNothing).Where(file => file.StartsWith(work, StringComparison.Ordinal))];

    // It may be gone by now.
    private static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string NetworkOf(string process) => Link(process + "/ns/net");

    private static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Command(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(process + "/cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
