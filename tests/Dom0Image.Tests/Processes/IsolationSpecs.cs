using Dom0Image.Boot;
using Dom0Image.BootLab.Network;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Processes;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Processes;

/// <summary>What mounts, and what is given servers to start, with each of its isolations taken away: nothing is done.</summary>
public sealed class IsolationSpecs
{
    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    public static IEnumerable<string> Scripted()
        => BootFiles.Generate(Sites.OneServer(), generation: null).ServerFiles.Keys.Where(place => ServerFileCheck.For(place).NeedsRoot);

    [TestCaseSource(nameof(Scripted))]
    public async Task A_check_of_a_server_file_that_lost_its_namespaces_touches_nothing(string place)
    {
        var text = BootFiles.Generate(Sites.OneServer(), generation: null).ServerFiles[place].Content;
        var command = ServerFileCheck.For(place).Command(place, text);

        await RefusedAsync(command with { Isolated = false }, "mnt:");
        await RefusedAsync(command with { Program = "sh", Arguments = command.Arguments[3..] }, "net:");
        await RefusedAsync(command with { Environment = command.Environment.Clear() }, "DOM0IMAGE_OUTSIDE");
        await new ToolRunner().RunAsync(command);
    }

    [Test]
    public async Task Packages_are_not_installed_where_servers_could_not_be_kept_from_starting()
    {
        using var quiet = new QuietServers(_workshop.Root);
        var command = quiet.Wrap(new ToolCommand("echo", "installed"));

        await RefusedAsync(command with { Program = "sh", Arguments = command.Arguments[5..] }, "mnt:");
        Assert.That((await _workshop.Context.RunAsync(command)).Output, Is.EqualTo("installed\n"));
    }

    [Test]
    public void A_lab_whose_network_or_mounts_would_be_the_machines_is_none()
    {
        foreach (var (words, shared) in new[] { ("--mount", "net"), ("--net", "mnt"), ("--mount --net", "pid_for_children") })
        {
            var command = new ToolCommand("unshare").With([.. words.Split(' '), "--", "cat"]);
            var problem = Assert.ThrowsAsync<BuildFailedException>(() => LabNamespace.StartAsync(new ToolRunner(), command, ["net", "mnt", "pid_for_children"], CancellationToken.None));

            Assert.That(problem!.Message, Does.Contain($"its {shared} namespace is this machine's"));
        }
    }

    private async Task RefusedAsync(ToolCommand command, string word)
    {
        var before = await OutsideAsync();

        var problem = Assert.ThrowsAsync<ToolFailedException>(() => _workshop.Context.RunAsync(command));

        Assert.That(string.Join('\n', problem!.LastLines), Does.Contain(word));
        Assert.That(await OutsideAsync(), Is.EqualTo(before));
    }

    private async Task<string> OutsideAsync()
        => await File.ReadAllTextAsync("/proc/self/mountinfo") + (await _workshop.Context.RunAsync(new ToolCommand("ip", "-oneline", "address"))).Output;
}
