using Dom0Image.CommandLine;
using Dom0Image.Reporting;

namespace Dom0Image.Pipeline;

/// <summary>One run of the program: what outlives Cake's own objects, for the last words after them.</summary>
public sealed class Run
{
    /// <param name="report">What became of the stages.</param>
    /// <param name="interruption">Ctrl-C.</param>
    /// <param name="handOver">What the tasks hand on; released at the run's end, however it ends.</param>
    internal Run(RunReport report, Interruption interruption, HandOver handOver)
        => (Report, Interruption, HandOver) = (report, interruption, handOver);

    internal RunReport Report { get; }

    internal Interruption Interruption { get; }

    internal HandOver HandOver { get; }

    /// <summary>Where the run publishes, once there is a context.</summary>
    internal Generations.Places? Places { get; set; }

    /// <summary>The run's logs, once there is a context.</summary>
    internal RunLog? Logs { get; set; }
}
