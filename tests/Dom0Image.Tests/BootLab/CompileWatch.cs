using Dom0Image.Kernels;
using Dom0Image.Store;

namespace Dom0Image.Tests.BootLab;

/// <summary>A kernel, and how much of it was compiled.</summary>
/// <param name="Kernel">What was made.</param>
/// <param name="Steps">Files that were compiled for it.</param>
/// <param name="Interrupted">Whether it was ended in the middle and taken up again.</param>
internal sealed record BuiltKernel(KernelBuild Kernel, int Steps, bool Interrupted);

/// <summary>Counts the files that are compiled, and ends a compilation in the middle.</summary>
internal sealed class CompileWatch : IStageProgress
{
    private const int InTheMiddle = 300;

    private int _steps;
    private Action? _atMiddle;

    public void Report(string activity, double? fraction = null)
    {
        if (activity.StartsWith("compiling", StringComparison.Ordinal) && ++_steps == InTheMiddle)
        {
            _atMiddle?.Invoke();
        }
    }

    public void Note(string message)
    {
    }

    public void Warn(string message) => TestContext.Progress.WriteLine(message);

    /// <summary>Follows the making of a kernel.</summary>
    public async Task<BuiltKernel> FollowAsync(Func<Task<KernelBuild>> make)
    {
        _steps = 0;
        var kernel = await make();
        return new BuiltKernel(kernel, _steps, Interrupted: false);
    }

    /// <summary>The same of one that is ended in the middle, as by Ctrl-C, and taken up again; one that the store has is taken as it is.</summary>
    public async Task<BuiltKernel> InterruptedAsync(StageContext context, Func<StageContext, Task<KernelBuild>> make)
    {
        using var interrupt = new CancellationTokenSource();
        _atMiddle = interrupt.Cancel;
        try
        {
            return await FollowAsync(() => make(new StageContext(context.Store, context.Tools, this, interrupt.Token)));
        }
        catch (OperationCanceledException)
        {
            var before = _steps;
            var rest = await FollowAsync(() => make(context));
            return rest with { Steps = before + rest.Steps, Interrupted = true };
        }
        finally
        {
            _atMiddle = null;
        }
    }
}
