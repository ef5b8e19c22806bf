using System.Diagnostics;
using System.Text;

namespace Dom0Image.Tests.BootLab;

[Category("Slow")]
public sealed class LabSpecs
{
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Nothing_of_a_lab_is_left_when_its_process_is_killed()
    {
        using var work = new TempDirectory();
        var namespaces = NetworkNamespaces();
        using var lab = Start(work.Path);
        var up = await lab.StandardOutput.ReadLineAsync().WaitAsync(UpLimit);
        Assert.That(up, Is.EqualTo("up SeaBIOS"), () => lab.StandardError.ReadToEnd());
        var processes = OfLab(work.Path);
        Assert.That(processes, Has.Some.Contains("qemu").And.Some.Contains("dhcpd").And.Some.Contains("ganesha"), "the lab runs");

        lab.Kill();
        await lab.WaitForExitAsync();

        Assert.That(() => OfLab(work.Path), Is.Empty.After((int)GoneLimit.TotalMilliseconds, 100));
        Assert.That(NetworkNamespaces().Except(namespaces), Is.Empty);
        Assert.That(File.ReadAllText("/proc/self/mounts"), Does.Not.Contain(work.Path));
    }

    private static Process Start(string work)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Dom0Image.TestHost.dll"), "run-lab", work })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    // Servers and clients by what only this lab's have: a root below its directory, or its tap.
    private static List<string> OfLab(string work) => [.. Directory.EnumerateDirectories("/proc")
        .Where(d => char.IsDigit(Path.GetFileName(d)[0]))
        .Select(d => (Root: Root(d), Command: Command(d)))
        .Where(p => p.Root.StartsWith(work, StringComparison.Ordinal) || p.Command.Contains(work, StringComparison.Ordinal) || p.Command.Contains("mac=52:54:00:00:01:01", StringComparison.Ordinal))
        .Select(p => p.Command)
        .Where(c => !c.Contains("Dom0Image.TestHost.dll", StringComparison.Ordinal))];

    private static string Root(string process)
    {
        try
        {
            return new FileInfo(process + "/root").LinkTarget ?? "";
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

    private static HashSet<string> NetworkNamespaces() => [.. Directory.EnumerateDirectories("/proc")
        .Where(d => char.IsDigit(Path.GetFileName(d)[0]))
        .Select(d =>
        {
            try
            {
                return new FileInfo(d + "/ns/net").LinkTarget ?? "";
            }
            catch (IOException)
            {
                return "";
            }
        })];
}
