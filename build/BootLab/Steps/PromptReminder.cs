using System.Diagnostics;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootLab.Steps;

/// <summary>
/// Asks a silent client for its log-in prompt again. A kernel message may tear the prompt apart, and getty writes it once;
/// Enter makes it write another. Where nobody listens yet, Enter does nothing.
/// </summary>
/// <param name="console">The client's console.</param>
/// <param name="silence">How long the client has to be silent.</param>
internal sealed class PromptReminder(SerialConsole console, TimeSpan silence)
{
    private readonly Stopwatch _silent = Stopwatch.StartNew();
    private int _mark = -1;

    /// <summary>Looks whether the client wrote anything since the last look; presses Enter when it has been silent too long.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var mark = console.Mark;
        if (mark == _mark && _silent.Elapsed < silence)
        {
            return;
        }

        if (mark == _mark)
        {
            await console.TypeAsync("\n", cancellation).ConfigureAwait(false);
        }

        _mark = mark;
        _silent.Restart();
    }
}
