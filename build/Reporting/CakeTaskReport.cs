using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Spectre.Console;

namespace Dom0Image.Reporting;

/// <summary>
/// Cake's own headings and its table of tasks. A run is told by its stages and the summary of them; what Cake has to say
/// of the same is only shown to those who ask for more, with <c>--verbosity=verbose</c>.
/// </summary>
/// <param name="console">Where to.</param>
/// <param name="log">Knows how much is asked for.</param>
internal sealed class CakeTaskReport(IAnsiConsole console, ICakeLog log) : ICakeReportPrinter
{
    private readonly CakeSpectreReportPrinter _cakes = new(console);

    private bool IsAskedFor => log.Verbosity >= Verbosity.Verbose;

    /// <inheritdoc/>
    public void Write(CakeReport report)
    {
        if (IsAskedFor)
        {
            _cakes.Write(report);
        }
    }

    /// <inheritdoc/>
    public void WriteStep(string name, Verbosity verbosity)
    {
        if (IsAskedFor)
        {
            _cakes.WriteStep(name, verbosity);
        }
    }

    /// <inheritdoc/>
    public void WriteLifeCycleStep(string name, Verbosity verbosity)
    {
        if (IsAskedFor)
        {
            _cakes.WriteLifeCycleStep(name, verbosity);
        }
    }

    /// <inheritdoc/>
    public void WriteSkippedStep(string name, Verbosity verbosity)
    {
        if (IsAskedFor)
        {
            _cakes.WriteSkippedStep(name, verbosity);
        }
    }
}
