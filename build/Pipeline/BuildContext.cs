using Cake.Core;
using Cake.Frosting;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Reporting;
using Dom0Image.Store;
using Spectre.Console.Cli;

namespace Dom0Image.Pipeline;

/// <summary>What the tasks work on: the user's options and the edges of the system. Nothing on disk is touched by making it.</summary>
public sealed class BuildContext : FrostingContext
{
    private readonly Lazy<ToolRunner> _tools;
    private readonly Interruption _interruption;

    /// <summary>Makes the context of a run.</summary>
    /// <param name="context">Cake's own.</param>
    /// <param name="remaining">What Cake left of the command line.</param>
    /// <param name="run">This run.</param>
    /// <exception cref="BuildFailedException">The command line is wrong.</exception>
    public BuildContext(ICakeContext context, IRemainingArguments remaining, Run run)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(remaining);
        ArgumentNullException.ThrowIfNull(run);
        if (remaining.Raw.Count > 0)
        {
            throw new BuildFailedException(new Diagnostic($"'{remaining.Raw[0]}' is not understood") { Expected = "options, as --help lists them" });
        }

        Options = OptionParser.Parse(context.Arguments.GetArguments());
        Targets = [.. context.Arguments.GetArguments("target")];
        TargetNames.Check(Targets);
        Repository = RepositoryRoot.Find();
        Store = new BuildStore(Options.Store);
        Logs = new RunLog(Store.Logs);
        Report = run.Report;
        HandOver = run.HandOver;
        _interruption = run.Interruption;
        _tools = new Lazy<ToolRunner>(() => new ToolRunner(Logs.ToolLog));
        run.Logs = Logs;
        run.Places = Places;
    }

    /// <summary>What the user chose.</summary>
    internal BuildOptions Options { get; }

    /// <summary>The targets of this run, as the user named them.</summary>
    internal IReadOnlyCollection<string> Targets { get; }

    /// <summary>Whether this run makes what hosts boot now again, with today's edits.</summary>
    internal bool IsRepublish => Targets.Contains("Republish", StringComparer.OrdinalIgnoreCase);

    /// <summary>How much of a generation this run boots before it is published.</summary>
    internal BootTestExtent BootTest => Options.BootTest ?? (IsRepublish ? BootTestExtent.Quick : BootTestExtent.Full);

    /// <summary>The checkout: <c>recipes</c>, <c>overlays</c> and <c>kernel-configs</c> are below it.</summary>
    internal string Repository { get; }

    /// <summary>Where things are published.</summary>
    internal Places Places => new(Options.Prefix);

    /// <summary>Caches and finished stages.</summary>
    internal BuildStore Store { get; }

    /// <summary>This run's logs.</summary>
    internal RunLog Logs { get; }

    /// <summary>What became of the stages so far.</summary>
    internal RunReport Report { get; }

    /// <summary>What the tasks of this run hand on to each other.</summary>
    internal HandOver HandOver { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    internal CancellationToken Cancellation => _interruption.Token;

    /// <summary>Runs a stage: its start, progress and end are shown, and it stands in the summary.</summary>
    /// <param name="name">As the user knows it, such as <c>base layer</c>.</param>
    /// <param name="work">The stage. It is given a context of its own, so that several stages may run at once.</param>
    /// <param name="facts">What is told of the result; of a <see cref="StageOutput"/> it is known whether it was cached.</param>
    /// <exception cref="BuildFailedException">What the stage threw, or the log cannot be written, or a signal ended the run.</exception>
    internal Task<T> RunStageAsync<T>(string name, Func<StageContext, Task<T>> work, Func<T, StageFacts>? facts = null)
    {
        var tools = _tools.Value;
        return Report.RunAsync(name, progress => _interruption.GuardAsync(() => ExplainFullDiskAsync(() => work(new StageContext(Store, tools, progress, Cancellation)))), facts);
    }

    /// <summary>Has a target answer that only looks: the answer is all that goes to the output. No log is kept, so that it can be asked by who is not root.</summary>
    /// <exception cref="BuildFailedException">What the work threw, or a signal ended the run, or the file that was asked for cannot be written.</exception>
    internal async Task AnswerAsync(Func<StageContext, Task<Answer>> work)
    {
        var answer = await _interruption.GuardAsync(() => work(new StageContext(Store, new ToolRunner(), new QuietProgress(), Cancellation))).ConfigureAwait(false);
        answer.Write(Console.Out, Options.Json, Options.Output);
    }

    /// <summary>Does some work for the person at the terminal, between stages: nothing else is drawn there meanwhile.</summary>
    /// <exception cref="InterruptedException">A signal ended the run.</exception>
    internal Task<T> AtTerminalAsync<T>(Func<Task<T>> work) => _interruption.GuardAsync(work);

    private string[] Disks => [Store.Root, .. new[] { Places.Generations, Places.DomUImages, Places.Images, Places.Tftp }.Select(Places.OnDisk)];

    // Logs and small files are written everywhere; that the disk is full, or broken, must be told as such wherever it shows.
    private async Task<T> ExplainFullDiskAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is not BuildFailedException or ToolFailedException && DiskSpace.IsDiskFull(problem))
        {
            throw DiskSpace.Explain(problem, DiskSpace.FullestOf(Disks))!;
        }
        catch (Exception problem) when (problem is not BuildFailedException or ToolFailedException && BrokenDisk.Is(problem))
        {
            throw BrokenDisk.Explain(problem, Disks)!;
        }
    }
}
