using System.Text.RegularExpressions;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.Menus;

namespace Dom0Image.BootTesting;

/// <summary>
/// Goes through the daily server's menu as a person does: down to the dom0 entry, name and password, a wrong one first.
/// Firmware and GRUB both read the serial line meanwhile, so a key may get lost: each is looked for on the screen.
/// </summary>
/// <param name="console">The client's console.</param>
/// <param name="title">Title of the dom0 entry.</param>
/// <param name="slowness">Factor for the time limits.</param>
internal sealed class DailyMenuVisit(SerialConsole console, string title, double slowness)
{
    private const string Down = "\x0e";
    private const string Enter = "\r";
    private const string WrongPassword = "not-it";
    private const string Started = @"Loading \S+ from";
    private const int Visits = 6;
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMilliseconds(120);

    private readonly TimeSpan _menuLimit = TimeSpan.FromSeconds(300) * slowness;
    private readonly TimeSpan _entryLimit = TimeSpan.FromSeconds(1) * slowness;
    private readonly TimeSpan _promptLimit = TimeSpan.FromSeconds(5) * slowness;
    private readonly TimeSpan _passwordLimit = TimeSpan.FromSeconds(15) * slowness;

    private bool _came;
    private bool _asked;
    private bool _refused;
    private bool _letIn;

    private enum Answer
    {
        None,
        Refused,
        LetIn,
    }

    /// <summary>What was met with so far: passed when the entry asked for a password, refused a wrong one and took the right one.</summary>
    public CheckResult Password => new(
        "menu-password",
        _asked && _refused && _letIn,
        !_came ? "the daily menu did not come"
            : !_asked ? $"the entry '{title}' of the daily menu asked for no password"
            : !_refused ? "a wrong password was not refused"
            : !_letIn ? "the right password was not taken"
            : "a wrong one was refused");

    /// <summary>Waits for the menu and goes through it. When that does not work, the boot's own time limit tells.</summary>
    /// <param name="cancellation">Ctrl-C, or the end of the boot.</param>
    /// <exception cref="ConsoleException">The client is off.</exception>
    public async Task GoAsync(CancellationToken cancellation)
    {
        _came = await console.ExpectAsync(new Regex("executed automatically in"), 0, _menuLimit, cancellation).ConfigureAwait(false) is not null;
        for (var i = 0; _came && !_letIn && i < Visits; i++)
        {
            var answer = await TryAsync(_refused ? LabLogin.Password : WrongPassword, cancellation).ConfigureAwait(false);
            _letIn = answer == Answer.LetIn;
            _refused |= answer == Answer.Refused;
        }
    }

    private async Task<Answer> TryAsync(string password, CancellationToken cancellation)
    {
        // The countdown runs until a key is seen, so that this one is pressed again soon. Below the last entry there is nothing.
        if (await PressUntilAsync(Down, $@"\*{Regex.Escape(title)}", _entryLimit, 20, cancellation).ConfigureAwait(false) is null)
        {
            return Answer.None;
        }

        var mark = console.Mark;
        switch (await PressUntilAsync(Enter, $"Enter username:|{Started}", _promptLimit, 3, cancellation).ConfigureAwait(false))
        {
            case null:
                return Answer.None;
            case "Enter username:":
                break;
            default:
                return Answer.LetIn;
        }

        await TypeAsync(MenuPassword.User + Enter, cancellation).ConfigureAwait(false);
        var asked = await console.ExpectAsync(new Regex("Enter password:"), mark, _promptLimit, cancellation).ConfigureAwait(false) is not null;
        _asked |= asked;
        await TypeAsync((asked ? password : "") + Enter, cancellation).ConfigureAwait(false);
        var outcome = await console.ExpectAsync(new Regex($"denied|GNU GRUB|{Started}"), mark, _passwordLimit, cancellation).ConfigureAwait(false);
        if (!asked || outcome is null)
        {
            return Answer.None;
        }

        if (outcome.Value == "denied")
        {
            return password == WrongPassword ? Answer.Refused : Answer.None;
        }

        // The next menu need not count down.
        await TypeAsync(Enter, cancellation).ConfigureAwait(false);
        return Answer.LetIn;
    }

    private async Task<string?> PressUntilAsync(string key, string sign, TimeSpan limit, int presses, CancellationToken cancellation)
    {
        for (var i = 0; i < presses; i++)
        {
            var mark = console.Mark;
            await console.TypeAsync(key, cancellation).ConfigureAwait(false);
            if (await console.ExpectAsync(new Regex(sign), mark, limit, cancellation).ConfigureAwait(false) is { } seen)
            {
                return seen.Value;
            }
        }

        return null;
    }

    private async Task TypeAsync(string text, CancellationToken cancellation)
    {
        foreach (var c in text)
        {
            await console.TypeAsync(c.ToString(), cancellation).ConfigureAwait(false);
            await Task.Delay(BetweenKeys, cancellation).ConfigureAwait(false);
        }
    }
}
