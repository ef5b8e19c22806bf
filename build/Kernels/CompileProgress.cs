using System.Text.RegularExpressions;
using Dom0Image.Store;

namespace Dom0Image.Kernels;

/// <summary>Tells how far a compilation is, from the lines that kbuild prints for each file.</summary>
/// <param name="name">The kernel's name.</param>
/// <param name="total">How many such lines there will be; null when that is not known.</param>
/// <param name="progress">Where to tell it.</param>
internal sealed partial class CompileProgress(string name, int? total, IStageProgress progress)
{
    private int _steps;

    /// <summary>Lines seen so far.</summary>
    public int Steps => _steps;

    /// <summary>Takes a line of make's output.</summary>
    public void Take(string line)
    {
        if (!Step().IsMatch(line))
        {
            return;
        }

        var steps = Interlocked.Increment(ref _steps);
        if (total is { } all)
        {
            progress.Report($"compiling {name}", Math.Min(1, (double)steps / all));
        }
        else
        {
            progress.Report($"compiling {name}, {steps} files so far");
        }
    }

    //   CC      drivers/net/tun.o
    [GeneratedRegex(@"^  [A-Z0-9_]+ (\[M\])? +\S")]
    private static partial Regex Step();
}
