using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Processes;

/// <summary>
/// Runs host tools. Every child dies with this process (parent-death signal), and on cancellation; all output goes to
/// the log file, which only its owner can read, and the last lines into the failure.
/// </summary>
internal sealed partial class ToolRunner
{
    private const int LinesKept = 25;

    private readonly string? _logFile;
    private readonly Lock _logLock = new();

    /// <summary>A runner that logs to <paramref name="logFile"/>, or nowhere when null.</summary>
    public ToolRunner(string? logFile = null)
    {
        _logFile = logFile;
        if (logFile is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
        }
    }

    /// <summary>Runs <paramref name="command"/> to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="onLine">Called for each line of output and error output as it comes, for progress.</param>
    /// <param name="cancellation">Kills the tool, and all that it started when it is isolated.</param>
    /// <exception cref="ToolFailedException">It ended with a code that is not one of its success codes.</exception>
    /// <exception cref="BuildFailedException">The program is not there.</exception>
    public async Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onLine = null, CancellationToken cancellation = default)
    {
        var output = new StringBuilder();
        var exitCode = await RunAsync(
            command,
            take => PipeTarget.Merge(PipeTarget.ToStringBuilder(output), command.OutputIsSecret ? PipeTarget.Null : PipeTarget.ToDelegate(take)),
            onLine,
            cancellation).ConfigureAwait(false);
        return new ToolResult(exitCode, output.ToString());
    }

    /// <summary>Runs a tool whose output is no text: it is read as it comes, is never whole in memory, and stands in no log.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="read">Reads the output; what it leaves is passed over. Where both fail it is the tool's failure that is told.</param>
    /// <param name="cancellation">Kills the tool, and all that it started when it is isolated.</param>
    /// <exception cref="ToolFailedException">It ended with a code that is not one of its success codes.</exception>
    /// <exception cref="BuildFailedException">The program is not there.</exception>
    public async Task ReadAsync(ToolCommand command, Action<Stream> read, CancellationToken cancellation = default)
    {
        ExceptionDispatchInfo? problem = null;
        await RunAsync(
            command,
            _ => PipeTarget.Create(async (stream, cancel) =>
            {
                try
                {
                    await Task.Run(() => read(stream), cancel).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    problem = ExceptionDispatchInfo.Capture(failure);
                }

                await stream.CopyToAsync(Stream.Null, cancel).ConfigureAwait(false);
            }),
            null,
            cancellation).ConfigureAwait(false);
        problem?.Throw();
    }

    private async Task<int> RunAsync(ToolCommand command, Func<Action<string>, PipeTarget> output, Action<string>? onLine, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var last = new Queue<string>();
        var gate = new Lock();

        void Take(string line)
        {
            lock (gate)
            {
                last.Enqueue(line);
                if (last.Count > LinesKept)
                {
                    last.Dequeue();
                }
            }

            Log(line);
            onLine?.Invoke(line);
        }

        Log($"$ {command}{(command.OutputIsSecret ? "  # output not shown" : "")}");
        var cli = ToCliWrap(command).WithStandardOutputPipe(output(Take)).WithStandardErrorPipe(PipeTarget.ToDelegate(Take));

        CommandResult result;
        try
        {
            result = await (await LauncherThread.RunAsync(() => cli.ExecuteAsync(cancellation)).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw NotThere(command, problem.Message, problem);
        }

        Log($"# exit code {result.ExitCode} after {watch.Elapsed.TotalSeconds:F1} s");
        return command.SuccessCodes.Contains(result.ExitCode) ? result.ExitCode
            : NotStarted(result.ExitCode, last) is { } reason ? throw NotThere(command, reason)
            : throw new ToolFailedException($"{command}", result.ExitCode, [.. last], command.Hint);
    }

    /// <summary>Runs a program for the person at the terminal, which is its input and output; nothing of what it says is logged.</summary>
    /// <param name="command">What to run; its text for the standard input is not used.</param>
    /// <param name="cancellation">Kills it, and all that it started when it is isolated.</param>
    /// <returns>Its exit code, whatever it is: a shell ends with that of its last command.</returns>
    /// <exception cref="BuildFailedException">The program is not there.</exception>
    public async Task<int> RunOnTerminalAsync(ToolCommand command, CancellationToken cancellation)
    {
        Log($"$ {command}  # on the terminal");
        using var process = await LauncherThread.RunAsync(() => TerminalProcess.Start([.. Wrapped(command)], command.Environment)).ConfigureAwait(false);
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Starts a tool that runs until it is stopped; it dies with this process whatever happens.</summary>
    /// <param name="command">What to run; its text for the standard input is not used.</param>
    /// <param name="onOutput">Takes its output as it comes, in pieces.</param>
    /// <param name="onError">Takes its error output as it comes; null to drop it.</param>
    /// <exception cref="BuildFailedException">The program is not there.</exception>
    public async Task<RunningTool> StartAsync(ToolCommand command, Action<ReadOnlyMemory<byte>> onOutput, Action<ReadOnlyMemory<byte>>? onError = null)
    {
        Log($"$ {command} &");
        try
        {
            return await RunningTool.StartAsync(command, ToCliWrap(command with { StandardInput = null }), onOutput, onError ?? (_ => { })).ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw NotThere(command, problem.Message, problem);
        }
    }

    // What to try when it fails does not help when it never ran.
    private static BuildFailedException NotThere(ToolCommand command, string reason, Exception? cause = null)
        => new(new Diagnostic($"cannot start '{command.Program}': {reason}") { Hint = $"Is the package that holds it installed? Programs are looked for in {ToolPath.Value}." }, cause);

    // The codes of a shell's, which setpriv, env, chroot and xargs end with when it is the program after them that is not there.
    private static string? NotStarted(int exitCode, IEnumerable<string> lastLines)
        => exitCode is 126 or 127 ? lastLines.LastOrDefault(line => StartFailure().IsMatch(line)) : null;

    private static Command ToCliWrap(ToolCommand command)
    {
        var argv = Wrapped(command).ToArray();
        var cli = Cli.Wrap(argv[0])
            .WithArguments(argv.Skip(1))
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(command.Environment.ContainsKey("PATH") ? command.Environment : command.Environment.Add("PATH", ToolPath.Value));
        if (command.WorkingDirectory is { } directory)
        {
            cli = cli.WithWorkingDirectory(directory);
        }

        return command.StandardInput is { } text ? cli.WithStandardInputPipe(PipeSource.FromString(text)) : cli;
    }

    // setpriv: the tool dies when we do, also by kill -9. With processes of its own so does everything the tool started, and its mounts.
    private static IEnumerable<string> Wrapped(ToolCommand command)
    {
        _ = Found(command.Program);
        string[] deathSignal = [Found("setpriv"), "--pdeathsig", "KILL", "--"];
        string[] words = [command.Program, .. command.Arguments];
        return [.. deathSignal, .. command.Isolation?.Around(words) ?? words];

        string Found(string program) => ToolPath.Find(program) ?? throw NotThere(command with { Program = program }, "it is not there");
    }

    [GeneratedRegex("^(/[^ ]*/)?(setpriv|unshare|setsid|chroot|env|xargs|nice|nsenter): .*(No such file or directory|Permission denied|Exec format error)$")]
    private static partial Regex StartFailure();

    private void Log(string line)
    {
        if (_logFile is null)
        {
            return;
        }

        lock (_logLock)
        {
            // Tools are told of mirrors, hosts and proxies, and repeat it.
            using var log = new FileStream(_logFile, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = PrivateModes.File });
            log.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
