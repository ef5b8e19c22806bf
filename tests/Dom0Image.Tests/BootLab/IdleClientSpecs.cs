using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.Processes;

namespace Dom0Image.Tests.BootLab;

/// <summary>A client that does nothing: whether its server knows that it runs.</summary>
[Category("Long_idle_client")]
internal sealed class IdleClientSpecs
{
    // Its kernel closes a connection after five minutes without a question.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(6.5);

    [Test]
    public async Task My_server_sees_that_I_run_however_long_I_do_nothing_and_would_not_if_I_said_nothing()
    {
        var hardware = new ClientHardware(Firmware.Bios, NetworkCard.E1000);
        await using var lab = await ClientLab.StartAsync(await BuiltGeneration.GetAsync(), new BootScenario("idle", hardware, Xen: false));
        var shell = await lab.LogInAsync(lab.Site.Hosts[0], 0, hardware);

        await Task.Delay(Idle);
        Assert.That(await ConnectedAsync(lab), Does.Contain($"{lab.Site.Hosts[0].Address}"));

        Assert.That(await lab.RunAsync(shell, "kill -STOP $(pgrep -x dom0-present) && echo stopped"), Does.Contain("stopped"));
        await Task.Delay(Idle);
        Assert.That(await ConnectedAsync(lab), Is.Empty);
    }

    private static async Task<string> ConnectedAsync(ClientLab lab)
        => (await lab.Lab.Inside.RunAsync(new ToolCommand("ss", "--no-header", "--numeric", "--tcp", "state", "established", "sport", "=", ":2049"), CancellationToken.None)).Output;
}
