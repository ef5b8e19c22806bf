using System.Diagnostics;

namespace Dom0Image.Tests;

/// <summary>A scenario of Dom0Image.TestHost in a process of its own, alone or under another program.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "Dom0Image.TestHost.dll");

    private readonly Process _process;
    private readonly Task<string> _errors;

    private HostProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts a scenario.</summary>
    /// <param name="under">Program and arguments that start it, such as <c>unshare --mount</c>.</param>
    /// <param name="scenario">The scenario and its arguments.</param>
    public static HostProcess Start(IEnumerable<string> under, params string[] scenario)
    {
        string[] line = [.. under, Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet", Dll, .. scenario];
        var start = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Runs a scenario to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(IEnumerable<string> under, params string[] scenario)
    {
        using var process = Start(under, scenario);
        var output = process._process.StandardOutput.ReadToEnd();
        process._process.WaitForExit();
        return (process._process.ExitCode, output, process._errors.Result);
    }

    /// <summary>The next line of its output; the test fails when it has ended.</summary>
    public string ReadLine()
        => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the process has ended: {_errors.Result}");

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
