using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Serial;

/// <summary>
/// A root shell on a client's serial console. Commands are framed by markers that occur nowhere else, so that kernel
/// messages and the echo of what was typed cannot be mistaken for their output.
/// </summary>
internal sealed class ClientShell
{
    private readonly SerialConsole _console;
    private int _count;

    private ClientShell(SerialConsole console) => _console = console;

    /// <summary>Logs in as root at a log-in prompt that is there already.</summary>
    /// <param name="console">The console.</param>
    /// <param name="password">Root's password.</param>
    /// <param name="slowness">Factor for the time limits.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="ConsoleException">The client did not let us in.</exception>
    public static async Task<ClientShell> LogInAsync(SerialConsole console, string password, double slowness, CancellationToken cancellation)
    {
        await new ShellLogin(console, slowness, cancellation).OpenAsync(password).ConfigureAwait(false);
        return new ClientShell(console);
    }

    /// <summary>Runs a command and gets what it wrote.</summary>
    /// <param name="command">One line for <c>sh</c>, made by us alone.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="ConsoleException">It did not end in time.</exception>
    public async Task<ShellResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellation)
    {
        var mark = _console.Mark;
        var id = $"{++_count}";
        await _console.TypeAsync($"echo @@'{id}<'; {command}\necho @@'{id}>'$?\n", cancellation).ConfigureAwait(false);
        var framed = new Regex($"@@{id}<\n(?<output>.*?)@@{id}>(?<code>[0-9]+)\n", RegexOptions.Singleline);
        var match = await _console.ExpectAsync(framed, mark, limit, cancellation).ConfigureAwait(false)
            ?? throw new ConsoleException($"'{command}' did not end within {limit.TotalSeconds:F0} s");
        return new ShellResult(int.Parse(match.Groups["code"].Value, System.Globalization.CultureInfo.InvariantCulture),
            [.. match.Groups["output"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}

/// <summary>What a command on a client wrote.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Lines">Its output, without empty lines.</param>
internal sealed record ShellResult(int ExitCode, ImmutableArray<string> Lines);

/// <summary>The conversation with a client over its serial console came to no end.</summary>
internal sealed class ConsoleException(string message) : Exception(message);
