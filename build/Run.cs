using Dom0Image.CommandLine;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image;

/// <summary>One run of the program: what outlives Cake's own objects, for the last words after them.</summary>
/// <param name="Report">What became of the stages.</param>
/// <param name="Interruption">Ctrl-C.</param>
/// <param name="Results">What the tasks hand on; released at the run's end, however it ends.</param>
public sealed record Run(RunReport Report, Interruption Interruption, StageResults Results)
{
    /// <summary>The run's logs, once there is a context.</summary>
    public RunLog? Logs { get; set; }
}
