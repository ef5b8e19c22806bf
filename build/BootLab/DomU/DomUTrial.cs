using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.Xen.Guest;

namespace Dom0Image.BootLab.DomU;

/// <summary>Starts the example guest on a booted dom0, talks to it, and destroys it.</summary>
/// <param name="console">The dom0's serial console.</param>
/// <param name="shell">A root shell on it.</param>
/// <param name="guest">The guest; it is among the images that the dom0 has mounted.</param>
/// <param name="slowness">Factor for the time limits.</param>
internal sealed class DomUTrial(SerialConsole console, ClientShell shell, ExampleGuest guest, double slowness)
{
    private const string Greeting = "The example guest is up";

    // What comes back is not what was typed, so that the console's echo is not taken for an answer.
    private const string Question = "echo answer: $((6 * 7))";
    private const string Answer = "answer: 42";
    private const string LeaveConsole = "\x1d";

    private readonly TimeSpan _commandLimit = TimeSpan.FromSeconds(90) * slowness;
    private readonly TimeSpan _guestLimit = TimeSpan.FromSeconds(120) * slowness;

    /// <summary>Runs the trial.</summary>
    /// <returns>What was proved, up to the first thing that failed.</returns>
    public async Task<ImmutableArray<CheckResult>> RunAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var created = await shell.RunAsync($"xl create {guest.OnClient}/{ExampleGuest.ConfigurationFile} 2>&1", _commandLimit, cancellation).ConfigureAwait(false);
        var creation = Of("domu-created", created.ExitCode == 0, created);
        return creation.Passed
            ? [creation, .. await TalkAsync(watch, cancellation).ConfigureAwait(false), .. await DestroyAsync(cancellation).ConfigureAwait(false)]
            : [creation];
    }

    private async Task<ImmutableArray<CheckResult>> TalkAsync(Stopwatch watch, CancellationToken cancellation)
    {
        var mark = console.Mark;
        await console.TypeAsync($"xl console {ExampleGuest.Name}; stty -echo; echo @@'left'\n", cancellation).ConfigureAwait(false);
        var up = await console.ExpectAsync(new Regex(Greeting + ".*"), mark, _guestLimit, cancellation).ConfigureAwait(false);
        var upAfter = watch.Elapsed;
        if (up is not null)
        {
            await console.TypeAsync(Question + "\n", cancellation).ConfigureAwait(false);
        }

        var answer = up is null ? null : await console.ExpectAsync(new Regex(Answer), mark, _commandLimit, cancellation).ConfigureAwait(false);
        await console.TypeAsync(LeaveConsole, cancellation).ConfigureAwait(false);
        var left = await console.ExpectAsync(new Regex("@@left"), mark, _commandLimit, cancellation).ConfigureAwait(false);
        return
        [
            new CheckResult("domu-up", up is not null, up is null ? "it said nothing on its console" : FormattableString.Invariant($"{up.Value} after {upAfter.TotalSeconds:F0} s")),
            new CheckResult("domu-answers", answer is not null, ""),
            new CheckResult("domu-console-left", left is not null, ""),
        ];
    }

    private async Task<ImmutableArray<CheckResult>> DestroyAsync(CancellationToken cancellation)
    {
        await shell.RunAsync($"xl destroy {ExampleGuest.Name} 2>&1", _commandLimit, cancellation).ConfigureAwait(false);
        var list = await shell.RunAsync("sleep 1; xl list", _commandLimit, cancellation).ConfigureAwait(false);
        var gone = list.ExitCode == 0 && !list.Lines.Any(l => l.Contains(ExampleGuest.Name, StringComparison.Ordinal));
        var loops = await shell.RunAsync("losetup -a", _commandLimit, cancellation).ConfigureAwait(false);
        return
        [
            Of("domu-destroyed", gone, list),
            Of("domu-disk-released", loops.ExitCode == 0 && !loops.Lines.Any(l => l.Contains(guest.DirectoryName, StringComparison.Ordinal)), loops),
        ];
    }

    private static CheckResult Of(string name, bool passed, ShellResult result) => new(name, passed, string.Join("; ", result.Lines.TakeLast(3)));
}
