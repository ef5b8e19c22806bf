using System.Diagnostics;
using System.Text;

namespace Dom0Image.Tests.Hosting;

/// <summary>The built program, run as a user does: a process of its own.</summary>
internal sealed class TheCommand : IDisposable
{
    // Signals that nohup, or a script that starts the tests in the background, ignores are ignored by all that they start.
    public static readonly string[] WithSignals = ["env", "--default-signal=HUP,INT,TERM"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _sofar = new();
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private TheCommand(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static TheCommand Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Starts it with a directory of stand-ins first on its PATH.</summary>
    public static TheCommand Start(string? tools, string[] arguments) => Start(tools, AppContext.BaseDirectory, [], arguments);

    /// <summary>Starts a copy of it in another directory, under other programs such as <c>unshare</c>.</summary>
    public static TheCommand Start(string? tools, string directory, string[] under, string[] arguments)
    {
        string[] line = [.. WithSignals, .. under, Environment.ProcessPath!, Path.Combine(directory, "dom0image.dll"), .. arguments];
        var start = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };

        if (tools is not null)
        {
            start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        return new TheCommand(Process.Start(start)!);
    }

    public static async Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments)
    {
        using var command = Start(arguments);
        return await command.End();
    }

    public async Task<(int ExitCode, string Output, string Errors)> End()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, await _output, await _errors);
    }

    /// <summary>Waits until it has written a text; the test fails when it ends before.</summary>
    public async Task SeeAsync(string text)
    {
        var waited = Stopwatch.StartNew();
        while (!Sofar().Contains(text, StringComparison.Ordinal))
        {
            Assert.That(waited.Elapsed, Is.LessThan(Patience), () => $"no '{text}' in: {Sofar()}");
            if (_output.IsCompleted)
            {
                Assert.That(await _output, Does.Contain(text), await _errors);
                return;
            }

            await Task.Delay(5);
        }
    }

    private string Sofar()
    {
        lock (_sofar)
        {
            return _sofar.ToString();
        }
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var read)
        {
            lock (_sofar)
            {
                _sofar.Append(buffer, 0, read);
            }
        }

        return Sofar();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
