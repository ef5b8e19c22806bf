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

public abstract class TraceTask(string line) : AsyncFrostingTask<TraceContext>
{
    public override async Task RunAsync(TraceContext context)
    {
        await Task.Delay(50);
        context.Trace.Lines.Add(line);
    }
}

// Its name is that of its class.
public sealed class First() : TraceTask("first");

// A task that only gathers others.
[TaskName("Second")]
[IsDependentOn(typeof(First))]
public sealed class SecondTask : AsyncFrostingTask<TraceContext>;

[TaskName("Third")]
[TaskDescription("Comes last.")]
[IsDependentOn(typeof(SecondTask))]
public sealed class ThirdTask() : TraceTask("third");

[TaskName("Skipped")]
public sealed class SkippedTask() : TraceTask("skipped")
{
    public override bool ShouldRun(TraceContext context) => false;
}

[TaskName("AfterSkipped")]
[IsDependentOn(typeof(SkippedTask))]
public sealed class AfterSkippedTask() : TraceTask("after skipped");

[TaskName("Failing")]
public sealed class FailingTask : AsyncFrostingTask<TraceContext>
{
    public override async Task RunAsync(TraceContext context)
    {
        await Task.Yield();
        throw new InvalidOperationException("boom");
    }
}

[TaskName("AfterFailing")]
[IsDependentOn(typeof(FailingTask))]
public sealed class AfterFailingTask() : TraceTask("after failing");
