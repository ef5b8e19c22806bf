using System.Diagnostics;
using System.Text;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Steps;

namespace Dom0Image.Tests.BootLab;

internal sealed class ClientShellSpecs
{
    // The limits are those of a slow machine; these clients answer at once.
    private const double Quick = 0.02;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    [Test]
    public async Task I_get_the_output_of_a_command_and_not_its_echo_nor_what_the_kernel_says_before_it()
    {
        var client = new TypedClient();

        var shell = await ClientShell.LogInAsync(client.Console, TypedClient.Password, Quick, CancellationToken.None);
        var result = await shell.RunAsync("uname -r", Soon, CancellationToken.None);

        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Lines, Is.EqualTo(new[] { "6.12.0" }));
        Assert.That(client.LogIns, Is.EqualTo(1));
    }

    [TestCase("root\n", "root")]
    [TestCase("root\n", "rot\n")]
    [TestCase("root\n", "")]
    [TestCase(TypedClient.Password + "\n", "scret\n")]
    [TestCase("exec sh -c '", "exec sh -c ")]
    public async Task I_am_let_in_also_when_what_is_typed_first_gets_partly_lost(string typed, string arrives)
    {
        var client = new TypedClient { Loses = (typed, arrives) };

        var shell = await ClientShell.LogInAsync(client.Console, TypedClient.Password, Quick, CancellationToken.None);

        Assert.That(client.Loses, Is.Null, "it was lost");
        Assert.That((await shell.RunAsync("uname -r", Soon, CancellationToken.None)).Lines, Is.EqualTo(new[] { "6.12.0" }));
    }

    [Test]
    public void I_am_told_when_a_client_does_not_let_me_in()
    {
        var client = new TypedClient();

        Assert.That(() => ClientShell.LogInAsync(client.Console, "wrong", Quick, CancellationToken.None), Throws.TypeOf<ConsoleException>().With.Message.Contains("no shell"));
        Assert.That(client.LogIns, Is.Zero);
    }

    [Test]
    public async Task A_prompt_that_was_torn_apart_is_asked_for_again()
    {
        var client = new TypedClient("post01 lo[   48.3] eth0: link up\r\r\ngin: ");
        var reminder = new PromptReminder(client.Console, TimeSpan.Zero);
        var sign = BootStepSigns.For(xen: true).Single(s => s.Step == BootStep.Login).Sign;
        Assert.That(client.Console.Lines.Any(l => sign.IsMatch(l.Text)), Is.False);

        await reminder.LookAsync(CancellationToken.None);
        Assert.That(client.Typed, Is.Empty, "it has just written something");
        await reminder.LookAsync(CancellationToken.None);

        Assert.That(client.Typed, Is.EqualTo("\n"));
        Assert.That(client.Console.Lines.Any(l => sign.IsMatch(l.Text)), Is.True);
    }

    /// <summary>A client at its log-in prompt, which echoes what is typed, and whose kernel speaks in between.</summary>
    private sealed class TypedClient
    {
        public const string Password = "secret";
        private const string NamePrompt = "\r\npost01 login: ";
        private const string ShellPrompt = "root@post01:~# ";

        private readonly StringBuilder _line = new();
        private readonly StringBuilder _typed = new();
        private Action<string> _reader;
        private string _name = "";
        private bool _echo = true;

        public TypedClient(string said = NamePrompt)
        {
            _reader = ReadName;
            Console = new SerialConsole((text, cancel) => Task.Run(() => Type(text), cancel), null, Stopwatch.StartNew());
            Say(said);
        }

        public SerialConsole Console { get; }

        /// <summary>A piece that is typed, and what arrives of it the first time.</summary>
        public (string Typed, string Arrives)? Loses { get; set; }

        public int LogIns { get; private set; }

        public string Typed => _typed.ToString();

        private void Type(string piece)
        {
            _typed.Append(piece);
            if (Loses is { } loses && loses.Typed == piece)
            {
                piece = loses.Arrives;
                Loses = null;
            }

            foreach (var c in piece)
            {
                Take(c);
            }
        }

        private void Take(char c)
        {
            switch (c)
            {
                case '\x03':
                    _line.Clear();
                    Say("^C\r\n" + ShellPrompt);
                    break;
                case '\n':
                    var line = _line.ToString();
                    _line.Clear();
                    Say("\r\n");
                    _reader(line);
                    break;
                default:
                    _line.Append(c);
                    Say(_echo ? c.ToString() : "");
                    break;
            }
        }

        private void ReadName(string line)
        {
            _name = line;
            _reader = line.Length == 0 ? ReadName : ReadPassword;
            _echo = line.Length == 0;
            Say(line.Length == 0 ? NamePrompt : "Password: ");
        }

        private void ReadPassword(string line)
        {
            var right = (_name, line) == ("root", Password);
            _echo = true;
            _reader = right ? ReadCommand : ReadName;
            LogIns += right ? 1 : 0;
            Say(right ? ShellPrompt : "\r\nLogin incorrect" + NamePrompt);
        }

        private void ReadCommand(string line)
        {
            if (line.StartsWith("exec sh -c '", StringComparison.Ordinal) && line.EndsWith('\''))
            {
                _reader = ReadPlainly;
                Say("lab-shell\r\r\n");
            }
            else if (line.Count(c => c == '\'') % 2 == 0)
            {
                Say($"bash: {line}: command not found\r\n{ShellPrompt}");
            }
        }

        // Slower than who types: both lines of a command are echoed before the first is run.
        private void ReadPlainly(string line)
            => Say(line.EndsWith("$?", StringComparison.Ordinal) ? "[   42.0] eth0: link up\r\r\n@@1<\r\r\n6.12.0\r\r\n@@1>3\r\r\n" : "");

        private void Say(string text) => Console.Take(Encoding.ASCII.GetBytes(text));
    }
}
