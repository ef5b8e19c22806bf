using Cake.Core;
using Cake.Frosting;

namespace Dom0Image.Tests.Hosting;

public sealed class Trace
{
    public List<string> Lines { get; } = [];
}

public sealed class TraceContext(ICakeContext context, Trace trace) : FrostingContext(context)
{
    public Trace Trace => trace;
}

public sealed class TraceLifetime : FrostingLifetime<TraceContext>
{
    public override void Setup(TraceContext context, ISetupContext info) => context.Trace.Lines.Add("setup");

    public override void Teardown(TraceContext context, ITeardownContext info) => context.Trace.Lines.Add($"teardown {info.Successful}");
}

public sealed class TraceTaskLifetime : FrostingTaskLifetime<TraceContext>
{
    public override void Setup(TraceContext context, ITaskSetupContext info) => context.Trace.Lines.Add($"> {info.Task.Name}");

    public override void Teardown(TraceContext context, ITaskTeardownContext info) => context.Trace.Lines.Add($"< {info.Task.Name}");
}

// Its name is that of its class.
public sealed class First : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => context.Trace.Lines.Add("first");
}

[TaskName("Early")]
[IsDependeeOf(typeof(ThirdTask))]
public sealed class EarlyTask : AsyncFrostingTask<TraceContext>
{
    public override async Task RunAsync(TraceContext context)
    {
        await Task.Delay(50);
        context.Trace.Lines.Add("early");
    }
}

[TaskName("Third")]
[TaskDescription("Comes last.")]
[IsDependentOn(typeof(First))]
public sealed class ThirdTask : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => context.Trace.Lines.Add("third");

    public override void Finally(TraceContext context) => context.Trace.Lines.Add("third finally");
}

[TaskName("Skipped")]
public sealed class SkippedTask : FrostingTask<TraceContext>
{
    public override bool ShouldRun(TraceContext context) => false;

    public override void Run(TraceContext context) => context.Trace.Lines.Add("skipped");
}

[TaskName("AfterSkipped")]
[IsDependentOn(typeof(SkippedTask))]
public sealed class AfterSkippedTask : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => context.Trace.Lines.Add("after skipped");
}

[TaskName("Failing")]
public sealed class FailingTask : AsyncFrostingTask<TraceContext>
{
    public override async Task RunAsync(TraceContext context)
    {
        await Task.Yield();
        throw new InvalidOperationException("boom");
    }

    public override void Finally(TraceContext context) => context.Trace.Lines.Add("failing finally");
}

[TaskName("AfterFailing")]
[IsDependentOn(typeof(FailingTask))]
public sealed class AfterFailingTask : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => context.Trace.Lines.Add("after failing");
}

[TaskName("Allowed")]
[ContinueOnError]
public sealed class AllowedTask : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => throw new InvalidOperationException("allowed");
}

[TaskName("Handled")]
public sealed class HandledTask : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => throw new InvalidOperationException("boom");

    public override void OnError(Exception exception, TraceContext context) => context.Trace.Lines.Add($"handled {exception.Message}");
}

[TaskName("AfterAllowed")]
[IsDependentOn(typeof(AllowedTask))]
[IsDependentOn(typeof(HandledTask))]
public sealed class AfterAllowedTask : FrostingTask<TraceContext>
{
    public override void Run(TraceContext context) => context.Trace.Lines.Add("after allowed");
}
