using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Steps;
using Dom0Image.Diagnostics;
using Dom0Image.Stages;

namespace Dom0Image.BootLab.Bench;

/// <summary>How long a client took for its RAM tree, and from its kernel's start to the log-in prompt.</summary>
/// <param name="RamTree">From the script's start to its end, by the client's clock.</param>
/// <param name="KernelToLogin">By the clock of the machine that runs the client.</param>
public sealed record InitTimes(TimeSpan RamTree, TimeSpan KernelToLogin);

/// <summary>What goes over NFS when clients boot at once, up to their log-in prompts.</summary>
/// <param name="Clients">How many.</param>
/// <param name="Bytes">Bytes of IP packets, both ways, all clients together.</param>
/// <param name="Longest">Time from power-on to the last one's prompt.</param>
public sealed record NfsLoad(int Clients, long Bytes, TimeSpan Longest);

/// <summary>Measures boots. The machine should have nothing else to do.</summary>
public static partial class BootBench
{
    private const string Script = "etc/init.d/dom0-ramtree";

    /// <summary>Boots a client with the image's own RAM-tree init and one with the way of 2008, one after the other.</summary>
    /// <param name="plan">What is booted; its first scenario says how.</param>
    /// <param name="context">Tools.</param>
    /// <exception cref="BuildFailedException">A client did not boot.</exception>
    public static async Task<(InitTimes Ours, InitTimes Howto)> CompareInitAsync(BootTestPlan plan, StageContext context)
    {
        var one = plan with { Scenarios = [plan.Scenarios[0] with { Clients = 1 }] };
        var ours = await MeasureAsync(one with { ReportDirectory = Path.Combine(plan.ReportDirectory, "ours") }, context).ConfigureAwait(false);
        var howto = await MeasureAsync(
            one with
            {
                ReportDirectory = Path.Combine(plan.ReportDirectory, "howto"),
                BreakRoot = root => File.WriteAllText(Path.Combine(root, Script), HowtoRamTree.Script(plan.Recipe.Flash, root)),
            },
            context).ConfigureAwait(false);
        return (ours, howto);
    }

    /// <summary>Counts bytes over NFS for several numbers of clients.</summary>
    /// <param name="plan">What is booted; its first scenario says how.</param>
    /// <param name="clients">Numbers of clients, such as 1, 3 and 6.</param>
    /// <param name="context">Tools.</param>
    /// <exception cref="BuildFailedException">A client did not boot.</exception>
    public static async Task<ImmutableArray<NfsLoad>> MeasureNfsAsync(BootTestPlan plan, IEnumerable<int> clients, StageContext context)
    {
        var loads = ImmutableArray.CreateBuilder<NfsLoad>();
        foreach (var number in clients)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{number}-clients");
            var scenario = plan.Scenarios[0] with { Name = name, Clients = number };
            var outcome = await BootAsync(plan with { Scenarios = [scenario], ReportDirectory = Path.Combine(plan.ReportDirectory, name) }, context).ConfigureAwait(false);
            loads.Add(new NfsLoad(
                number,
                outcome.Clients.Sum(c => c.Traffic.NfsTo + c.Traffic.NfsFrom),
                outcome.Clients.Max(c => c.Course.Reached[BootStep.Login])));
        }

        return loads.ToImmutable();
    }

    private static async Task<InitTimes> MeasureAsync(BootTestPlan plan, StageContext context)
    {
        var outcome = await BootAsync(plan, context).ConfigureAwait(false);
        var client = outcome.Clients.Single();
        var serial = await File.ReadAllTextAsync(
            Path.Combine(plan.ReportDirectory, outcome.Scenario.Name, $"serial-{client.HostName}.log"), context.Cancellation).ConfigureAwait(false);
        var marks = Mark().Matches(serial).ToLookup(m => m.Groups["step"].Value, m => double.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture));
        return new InitTimes(
            TimeSpan.FromSeconds(marks["ready"].First() - marks["start"].First()),
            client.Course.Reached[BootStep.Login] - client.Course.Reached[BootStep.Kernel]);
    }

    private static async Task<ScenarioOutcome> BootAsync(BootTestPlan plan, StageContext context)
    {
        var outcome = (await BootTest.RunAsync(plan, context).ConfigureAwait(false)).Scenarios.Single();
        return outcome.Passed ? outcome : throw new BuildFailedException(outcome.Problems.Select(p => new Diagnostic($"benchmark of booting: {p}")));
    }

    [GeneratedRegex("dom0-ramtree: (?<step>start|ready) (?<at>[0-9.]+)")]
    private static partial Regex Mark();
}
