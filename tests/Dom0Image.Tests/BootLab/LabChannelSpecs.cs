using System.Net;
using Dom0Image.BootLab.Channel;
using Dom0Image.BootLab.Network;
using Dom0Image.Processes;

namespace Dom0Image.Tests.BootLab;

internal sealed class LabChannelSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    private LabNamespace _inside = null!;
    private LabChannel _channel = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _inside = await LabNamespace.StartAsync(new ToolRunner(), default);
        await LabNetwork.CreateAsync(_inside, [(IPAddress.Parse("192.0.2.1"), 24)], 0, default);
        _channel = LabChannel.Open(_inside, IPAddress.Parse("192.0.2.1"));
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _channel.DisposeAsync();
        await _inside.DisposeAsync();
    }

    [Test]
    public async Task A_client_gets_a_script_and_sends_its_answer_whole()
    {
        var script = string.Concat(Enumerable.Range(0, 100_000).Select(n => $"line {n}, with 'quotes', $signs and \u00e4\n"));

        await RunAsync($"{_channel.Offer("post01/script", script)} | {_channel.Send("post01/answers")}");

        Assert.That(await _channel.ReceiveAsync("post01/answers", Soon, default), Is.EqualTo(script));
    }

    [Test]
    public async Task What_a_client_sends_can_neither_move_my_cursor_nor_hide_a_word()
    {
        await RunAsync($"printf 'a\\033]0;boo\\007\\tb\\r\\0\\302\\233\\342\\200\\256\\303\\244\\n' | {_channel.Send("x")}");

        Assert.That(await _channel.ReceiveAsync("x", Soon, default), Is.EqualTo("a\\x1b]0;boo\\x07\tb\\x0d\\x00\\x9b\\u202e\u00e4\n"));
    }

    [Test]
    public async Task A_client_that_asks_for_what_is_not_there_or_says_nothing_is_waited_for_no_longer_than_I_say()
    {
        Assert.That((await RunAsync(_channel.Offer("a", "x").Replace("get a", "get b", StringComparison.Ordinal))).Output, Is.Empty);

        Assert.That(await _channel.ReceiveAsync("c", TimeSpan.FromMilliseconds(100), default), Is.Null);
    }

    [Test]
    public async Task Nobody_outside_the_lab_reaches_it()
    {
        Assert.That((await RunAsync(_channel.Offer("a", "x"))).Output, Is.EqualTo("x"), "inside");

        var outside = await new ToolRunner().RunAsync(new ToolCommand("timeout", "2", "sh", "-c", _channel.Offer("a", "x")) { SuccessCodes = [0, 1, 124] });

        Assert.That(outside.Output, Is.Empty);
    }

    private Task<ToolResult> RunAsync(string command) => _inside.RunAsync(new ToolCommand("sh", "-c", command), default);
}
