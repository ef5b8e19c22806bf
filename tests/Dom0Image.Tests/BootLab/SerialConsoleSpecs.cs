using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.Tests.BootLab;

internal sealed class SerialConsoleSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    [Test]
    public void I_read_plain_lines_of_what_a_terminal_would_show()
    {
        var console = Console();

        Say(console, "\x1b[2J\x1b[1;1HGNU GRUB\x1b[3;7H*Xen dom0\x1b[0m\r\r\nabX\bc\r\n");

        Assert.That(console.Lines.Select(l => l.Text), Is.EqualTo(new[] { "GNU GRUB", "*Xen dom0", "abc" }));
    }

    [Test]
    public void I_read_the_same_lines_however_the_output_is_cut_into_pieces()
    {
        const string Text = "\x1b[31mone\x1b[0m\r\r\ntwo\x1b[5;1Hthree\r\n";
        var whole = Console();
        Say(whole, Text);
        var pieces = Console();

        foreach (var c in Text)
        {
            Say(pieces, c.ToString());
        }

        Assert.That(pieces.Lines.Select(l => l.Text), Is.EqualTo(whole.Lines.Select(l => l.Text)).And.EqualTo(new[] { "one", "two", "three" }));
    }

    [TestCase("\r\n@@2<(XEN) uart interrupt taking more than 4ms, switched to polling\r\n\r\n42\r\n@@2>0\r\n")]
    [TestCase("\r\n@(XEN) uart interrupt taking more than 4ms, switched to polling\r\n@2<\r\n42\r\n@@2>0\r\n")]
    [TestCase("\r\n@@2<\r\n4(XEN) uart interrupt taking more than 4ms, switched to polling\r\n2\r\n@@2>0\r\n")]
    public void I_read_whole_lines_when_the_hypervisor_speaks_in_the_middle_of_one(string text)
    {
        foreach (var size in new[] { 1, 7, text.Length })
        {
            var console = Console();

            text.Chunk(size).ToList().ForEach(piece => Say(console, new string(piece)));

            Assert.That(console.Lines.Select(l => l.Text).Where(l => l.Length > 0 && !l.StartsWith("(XEN)", StringComparison.Ordinal)), Is.EqualTo(new[] { "@@2<", "42", "@@2>0" }));
            Assert.That(console.Lines.Select(l => l.Text), Has.Member("(XEN) uart interrupt taking more than 4ms, switched to polling"));
        }
    }

    [TestCase("f((x) and (XE) and ((XEN)\n(XEN) Xen version 4.20\n")]
    [TestCase("a line that ends with (\n")]
    public void I_read_what_only_begins_like_the_hypervisor_as_it_is(string text)
    {
        var console = Console();

        Say(console, text);

        Assert.That(string.Concat(console.Lines.Select(l => l.Text + "\n")), Is.EqualTo(text));
    }

    [Test]
    public async Task I_can_wait_for_a_prompt_that_ends_in_no_line()
    {
        var console = Console();
        var prompt = console.ExpectAsync(new Regex("login: $"), 0, Soon, CancellationToken.None);

        Say(console, "\r\npost01 lo");
        Say(console, "gin: ");

        Assert.That(await prompt, Is.Not.Null);
    }

    [Test]
    public async Task I_get_nothing_when_the_time_is_over_and_what_I_wait_for_came_before_my_mark()
    {
        var console = Console();
        Say(console, "ready\n");

        var match = await console.ExpectAsync(new Regex("ready"), console.Mark, TimeSpan.FromMilliseconds(100), CancellationToken.None);

        Assert.That(match, Is.Null);
    }

    [Test]
    public async Task I_am_told_at_once_when_the_client_dies_while_I_wait()
    {
        var console = Console();
        var answer = console.ExpectAsync(new Regex("never"), 0, TimeSpan.FromMinutes(5), CancellationToken.None);

        Say(console, "the last words\n");
        console.End("the client's QEMU ended: out of memory");

        Assert.That(async () => await answer.WaitAsync(Soon), Throws.TypeOf<ConsoleException>().With.Message.Contains("out of memory"));
        Assert.That(await console.ExpectAsync(new Regex("last words"), 0, Soon, CancellationToken.None), Is.Not.Null, "what it wrote before is still there");
    }

    [Test]
    public void I_am_told_when_the_client_takes_no_more_input()
    {
        var console = new SerialConsole((_, _) => throw new IOException("Broken pipe"), null, Stopwatch.StartNew());

        Assert.That(async () => await console.TypeAsync("x", CancellationToken.None), Throws.TypeOf<ConsoleException>().With.Message.Contains("Broken pipe"));
    }

    private static SerialConsole Console() => new((_, _) => Task.CompletedTask, null, Stopwatch.StartNew());

    private static void Say(SerialConsole console, string text) => console.Take(Encoding.ASCII.GetBytes(text));
}
