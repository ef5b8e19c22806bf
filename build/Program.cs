using Cake.Core;
using Cake.Frosting;
using Dom0Image.CommandLine;
using Dom0Image.Generations;
using Dom0Image.Nightly;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Reporting;
using Dom0Image.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

OutputGuard.Install();
FileCreationMask.LetOthersRead();

// Cake and the tools that it starts colour their words unless they are told not to.
if (Console.IsOutputRedirected)
{
    Environment.SetEnvironmentVariable("NO_COLOR", "1");
}

using var interruption = new Interruption();
using var handOver = new HandOver();
var console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    // A log has no edge; wide enough for the summary's rows to stay whole.
    console.Profile.Width = 160;
}

var run = new Run(new RunReport(clock => Boards.For(console, clock)), interruption, handOver);
var exitCode = new CakeHost()
    .ConfigureServices(services => services.AddSingleton(run).AddSingleton(console).AddSingleton<ICakeReportPrinter, CakeTaskReport>())
    .UseContext<BuildContext>()
    .Run(args);
if (HelpText.IsAskedFor(args))
{
    Console.Write(HelpText.Text);
}

if (exitCode == 0)
{
    RunSummary.Write(console, run.Report, run.Logs?.ToolLogIfAny);
}
else
{
    Console.Error.Write(FailureText.For(run.Report, run.Logs?.ToolLogIfAny, interruption.ExitCode != 0));
}

// What only looks has no stage, and nothing stands beside its answer.
if (!run.Report.Stages.IsEmpty && run.Places is { } places && PublicationHold.Told(places) is { } held)
{
    Console.WriteLine(held);
}

if (run.Report.LastLine is { } last)
{
    Console.WriteLine(last);
}

// A signal that came too late to stop anything changes nothing.
var signal = exitCode == 0 ? 0 : interruption.ExitCode;
return handOver.Find(NightStartTask.Night) is { } night
    ? await new NightEnd(night, run, Console.Out).CloseAsync(exitCode, signal, handOver.Find(RootTask.Generation)?.Id).ConfigureAwait(false)
    : signal != 0 ? signal : exitCode;
