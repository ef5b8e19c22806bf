using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.Tests.BootLab;

public sealed class SerialConsoleSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

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
    public async Task I_get_the_output_of_a_command_and_not_its_echo_nor_what_the_kernel_says_before_it()
    {
        var typed = new StringBuilder();
        SerialConsole? console = null;
        console = new SerialConsole((text, _) =>
        {
            typed.Append(text);
            Answer(console!, typed);
            return Task.CompletedTask;
        }, null, Stopwatch.StartNew());
        Say(console, "post01 login: ");

        var shell = await ClientShell.LogInAsync(console, "secret", CancellationToken.None);
        var result = await shell.RunAsync("uname -r", Soon, CancellationToken.None);

        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Lines, Is.EqualTo(new[] { "6.12.0" }));
    }

    // A client that echoes, and whose kernel speaks in between.
    private static void Answer(SerialConsole console, StringBuilder typed)
    {
        var text = typed.ToString();
        if (!text.EndsWith('\n'))
        {
            return;
        }

        typed.Clear();
        switch (text)
        {
            case "root\n":
                Say(console, "root\r\nPassword: ");
                break;
            case "secret\n":
                Say(console, "\r\nroot@post01:~# ");
                break;
            case var shell when shell.StartsWith("exec sh", StringComparison.Ordinal):
                Say(console, $"{shell.TrimEnd()}\r\nlab-shell\r\r\n");
                break;
            default:
                Say(console, $"{text.Replace("\n", "\r\n", StringComparison.Ordinal)}[   42.0] eth0: link up\r\r\n@@1<\r\r\n6.12.0\r\r\n@@1>3\r\r\n");
                break;
        }
    }

    private static SerialConsole Console() => new((_, _) => Task.CompletedTask, null, Stopwatch.StartNew());

    private static void Say(SerialConsole console, string text) => console.Take(Encoding.ASCII.GetBytes(text));
}
