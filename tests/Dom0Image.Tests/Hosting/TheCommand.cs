using System.Diagnostics;

namespace Dom0Image.Tests.Hosting;

/// <summary>The built program, run as a user does: a process of its own.</summary>
internal sealed class TheCommand : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private TheCommand(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static TheCommand Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Starts it with a directory of stand-ins first on its PATH.</summary>
    public static TheCommand Start(string? tools, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "dom0image.dll") },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

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
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _output, await _errors);
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
