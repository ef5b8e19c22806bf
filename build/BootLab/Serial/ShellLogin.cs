using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Serial;

/// <summary>
/// Logs in as root at a console that may lose what is typed: a name without its Enter is completed, and a log-in that was
/// refused is tried again.
/// </summary>
/// <param name="console">The client's console, at a log-in prompt.</param>
/// <param name="slowness">Factor for the time limits.</param>
/// <param name="cancellation">Ctrl-C.</param>
internal sealed class ShellLogin(SerialConsole console, double slowness, CancellationToken cancellation)
{
    private const int Visits = 4;
    private const int ShellTries = 4;
    private const string Interrupt = "\x03";

    // A plain sh has no line editor that redraws what is typed. The word is spelled so that its echo differs from it.
    private const string PlainShell = "exec sh -c 'dmesg -n 1; stty -echo; PS1= ; export PS1; echo lab\"\"-shell; exec sh'\n";
    private const string ShellIsThere = "lab-shell\n";

    // Both mean that login, not a shell, gets what is typed.
    private const string Refused = "Login incorrect|\n[Pp]assword:";

    private static readonly TimeSpan PasswordLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PromptLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShellLimit = TimeSpan.FromSeconds(15);

    /// <summary>Has a shell take the place of root's own at the end.</summary>
    /// <param name="password">Root's password.</param>
    /// <exception cref="ConsoleException">The client did not let us in.</exception>
    public async Task OpenAsync(string password)
    {
        var asked = false;
        for (var visit = 0; visit < Visits; visit++)
        {
            if (visit > 0)
            {
                await TypeAndExpectAsync("\n", "login: ", PromptLimit).ConfigureAwait(false);
            }

            if (!await NameAsync().ConfigureAwait(false))
            {
                continue;
            }

            asked = true;
            if (await EnterAsync(password).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new ConsoleException($"{(asked ? "no shell after the log-in on the console" : "the log-in prompt asks for no password")}, in {Visits} tries");
    }

    // The second Enter is for a first one that was lost; where it was not, login forgets what comes before its own prompt.
    private async Task<bool> NameAsync()
        => await TypeAndExpectAsync("root\n", "[Pp]assword:", PasswordLimit).ConfigureAwait(false) is not null
            || await TypeAndExpectAsync("\n", "(?<asked>[Pp]assword:)|login: ", PasswordLimit).ConfigureAwait(false) is { } answer && answer.Groups["asked"].Success;

    private async Task<bool> EnterAsync(string password)
    {
        // What is typed before the shell is there may be dropped. A kernel message may hide its prompt; that costs time alone.
        var answer = await TypeAndExpectAsync(password + "\n", $"[#$] $|(?<refused>{Refused})", PromptLimit).ConfigureAwait(false);
        for (var attempt = 0; attempt < ShellTries && answer?.Groups["refused"].Success != true; attempt++)
        {
            answer = await TypeAndExpectAsync(attempt == 0 ? PlainShell : Interrupt + PlainShell, $"(?<shell>{ShellIsThere})|(?<refused>{Refused})", ShellLimit).ConfigureAwait(false);
            if (answer?.Groups["shell"].Success == true)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<Match?> TypeAndExpectAsync(string typed, string pattern, TimeSpan limit)
    {
        var mark = console.Mark;
        await console.TypeAsync(typed, cancellation).ConfigureAwait(false);
        return await console.ExpectAsync(new Regex(pattern), mark, limit * slowness, cancellation).ConfigureAwait(false);
    }
}
