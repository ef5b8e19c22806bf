using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootLab.DomU;

/// <summary>Starts a guest on a booted dom0, talks to it, and destroys it.</summary>
public sealed class DomUTrial(SerialConsole console, ClientShell shell, DomUFiles files, string images, double slowness)
{
    private const string Question = "hello from dom0";
    private const string LeaveConsole = "\x1d";

    private readonly TimeSpan _commandLimit = TimeSpan.FromSeconds(90) * slowness;
    private readonly TimeSpan _guestLimit = TimeSpan.FromSeconds(120) * slowness;

    /// <summary>Runs the trial.</summary>
    /// <returns>What was proved, up to the first thing that failed.</returns>
    public async Task<ImmutableArray<CheckResult>> RunAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var checks = ImmutableArray.CreateBuilder<CheckResult>();
        var loop = await shell.RunAsync($"losetup -r -f --show {files.OnClient}/disk.img", _commandLimit, cancellation).ConfigureAwait(false);
        var bridge = await shell.RunAsync("ls -d /sys/class/net/*/bridge | cut -d / -f 5 | head -n 1", _commandLimit, cancellation).ConfigureAwait(false);
        checks.Add(Of("domu-disk-over-nfs", loop.ExitCode == 0, loop));
        checks.Add(Of("domu-bridge", bridge.Lines is [_], bridge));
        if (loop.ExitCode == 0 && bridge.Lines is [var name])
        {
            await File.WriteAllTextAsync(Path.Combine(images, files.Name, "domu.cfg"), files.Configuration(loop.Lines[^1].Trim(), name.Trim()), cancellation).ConfigureAwait(false);
            var created = await shell.RunAsync($"xl create {files.OnClient}/domu.cfg 2>&1", _commandLimit, cancellation).ConfigureAwait(false);
            checks.Add(Of("domu-created", created.ExitCode == 0, created));
            if (created.ExitCode == 0)
            {
                checks.AddRange(await TalkAsync(watch, cancellation).ConfigureAwait(false));
                checks.Add(await DestroyAsync(cancellation).ConfigureAwait(false));
            }

            await shell.RunAsync($"losetup -d {loop.Lines[^1].Trim()}", _commandLimit, cancellation).ConfigureAwait(false);
        }

        return checks.ToImmutable();
    }

    private async Task<ImmutableArray<CheckResult>> TalkAsync(Stopwatch watch, CancellationToken cancellation)
    {
        var mark = console.Mark;
        await console.TypeAsync($"xl console {files.Name}; stty -echo; echo @@'left'\n", cancellation).ConfigureAwait(false);
        var up = await console.ExpectAsync(new Regex(DomUFiles.Greeting + ".*"), mark, _guestLimit, cancellation).ConfigureAwait(false);
        var upAfter = watch.Elapsed;
        if (up is not null)
        {
            await console.TypeAsync(Question + "\n", cancellation).ConfigureAwait(false);
        }

        var answer = up is null ? null : await console.ExpectAsync(new Regex($"answer: {Question}"), mark, _commandLimit, cancellation).ConfigureAwait(false);
        await console.TypeAsync(LeaveConsole, cancellation).ConfigureAwait(false);
        var left = await console.ExpectAsync(new Regex("@@left"), mark, _commandLimit, cancellation).ConfigureAwait(false);
        return
        [
            new CheckResult("domu-up", up is not null, up is null ? "it said nothing on its console" : FormattableString.Invariant($"{up.Value} after {upAfter.TotalSeconds:F0} s")),
            new CheckResult("domu-answers", answer is not null, ""),
            new CheckResult("domu-console-left", left is not null, ""),
        ];
    }

    private async Task<CheckResult> DestroyAsync(CancellationToken cancellation)
    {
        await shell.RunAsync($"xl destroy {files.Name} 2>&1", _commandLimit, cancellation).ConfigureAwait(false);
        var list = await shell.RunAsync("sleep 1; xl list", _commandLimit, cancellation).ConfigureAwait(false);
        var gone = list.ExitCode == 0 && !list.Lines.Any(l => l.Contains(files.Name, StringComparison.Ordinal));
        return Of("domu-destroyed", gone, list);
    }

    private static CheckResult Of(string name, bool passed, ShellResult result) => new(name, passed, string.Join("; ", result.Lines.TakeLast(3)));
}
