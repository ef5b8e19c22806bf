using System.Text.RegularExpressions;
using Dom0Image.Boot;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootLab;

/// <summary>
/// Goes through the daily server's menu as a person does: down to the dom0 entry, name and password. Firmware and GRUB
/// both read the serial line meanwhile, so a key may get lost: each is looked for on the screen and pressed again.
/// </summary>
internal sealed class DailyMenuVisit(SerialConsole console, string title, CancellationToken cancellation)
{
    private const string Down = "\x0e";
    private const int Visits = 4;
    private const int Presses = 6;
    private static readonly TimeSpan MenuLimit = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan KeyLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan PasswordLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMilliseconds(120);

    /// <summary>Waits for the menu and goes through it. When that does not work, the boot's own time limit tells.</summary>
    /// <param name="console">The client's console.</param>
    /// <param name="title">Title of the dom0 entry.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task GoAsync(SerialConsole console, string title, CancellationToken cancellation)
    {
        if (await console.ExpectAsync(new Regex("executed automatically in"), 0, MenuLimit, cancellation).ConfigureAwait(false) is null)
        {
            return;
        }

        var visit = new DailyMenuVisit(console, title, cancellation);
        for (var i = 0; i < Visits && !await visit.TryAsync().ConfigureAwait(false); i++)
        {
        }
    }

    private async Task<bool> TryAsync()
    {
        if (!await PressUntilAsync(Down, $@"\*{Regex.Escape(title)}").ConfigureAwait(false)
            || !await PressUntilAsync("\r", "Enter username:").ConfigureAwait(false))
        {
            return false;
        }

        var mark = console.Mark;
        await TypeAsync(MenuPassword.User + "\r").ConfigureAwait(false);
        if (await console.ExpectAsync(new Regex("Enter password:"), mark, KeyLimit, cancellation).ConfigureAwait(false) is null)
        {
            await TypeAsync("\r").ConfigureAwait(false);
        }

        await TypeAsync(LabLogin.Password + "\r").ConfigureAwait(false);
        var outcome = await console.ExpectAsync(new Regex(@"denied|GNU GRUB|Loading \S+ from"), mark, PasswordLimit, cancellation).ConfigureAwait(false);
        return outcome is not null && outcome.Value != "denied";
    }

    private async Task<bool> PressUntilAsync(string key, string sign)
    {
        for (var i = 0; i < Presses; i++)
        {
            var mark = console.Mark;
            await console.TypeAsync(key, cancellation).ConfigureAwait(false);
            if (await console.ExpectAsync(new Regex(sign), mark, KeyLimit, cancellation).ConfigureAwait(false) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private async Task TypeAsync(string text)
    {
        foreach (var c in text)
        {
            await console.TypeAsync(c.ToString(), cancellation).ConfigureAwait(false);
            await Task.Delay(BetweenKeys, cancellation).ConfigureAwait(false);
        }
    }
}
