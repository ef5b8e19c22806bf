using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Steps;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Benchmarks;

/// <summary>Boots clients of the generation that the bed has published, up to their log-in prompts.</summary>
/// <param name="subject">What is booted.</param>
/// <param name="context">Tools and progress.</param>
internal sealed class BenchBoot(LabSubject subject, StageContext context)
{
    /// <summary>The image's root on this machine.</summary>
    public string Root => subject.Generation.Root;

    /// <summary>Publishes the recipe in the bed, if need be, and prepares to boot it.</summary>
    /// <param name="bed">The bed.</param>
    /// <param name="recipe">Another recipe than the run's.</param>
    public static async Task<BenchBoot> PrepareAsync(BenchBed bed, string? recipe = null)
    {
        recipe ??= bed.RecipeName;
        await bed.BuildAsync(bed.PublishArgumentsOf(recipe)).ConfigureAwait(false);
        var places = new Places(bed.Prefix);
        var boot = PublishedGeneration.Current(places)
            ?? throw new BuildFailedException(new Diagnostic("benchmark: nothing was published that could be booted"));
        var subject = GenerationToBoot.Of(await bed.PlanAsync(recipe).ConfigureAwait(false), places, boot);

        // A store apart: a build in the run's own would take our work for something left behind.
        return new BenchBoot(subject, bed.Context with { Store = new BuildStore(bed.In("boots")) });
    }

    /// <summary>Boots clients at once.</summary>
    /// <param name="name">A directory name.</param>
    /// <param name="xen">Whether they boot under Xen.</param>
    /// <param name="clients">How many.</param>
    /// <param name="changes">Done to what they boot; null for nothing.</param>
    /// <exception cref="BuildFailedException">One did not get to its prompt.</exception>
    public async Task<ImmutableArray<BenchedClient>> BootAsync(string name, bool xen, int clients, LabChanges? changes = null)
    {
        changes ??= LabChanges.None;
        var scenario = new BootScenario(name, new ClientHardware(Firmware.Bios, NetworkCard.E1000), xen) { Clients = clients };
        await using var image = await LabImage.MakeAsync(subject, "benchmark", context).ConfigureAwait(false);
        changes.Root(image.Root);
        await using var lab = await image.BringUpAsync(scenario, Path.Combine(subject.ReportDirectory, "benchmark", name), changes, context.Cancellation).ConfigureAwait(false);
        var boots = await Task.WhenAll(lab.Site.Hosts.Select(host => BootAsync(lab, host))).ConfigureAwait(false);
        Diagnostic[] problems = [.. boots.Where(boot => boot.Course.Failure is not null).Select(boot => new Diagnostic($"benchmark of booting, {name}: {boot.Host.Name}: {boot.Course.Failure}. {boot.Course.Failure!.Hint}"))];
        return problems.Length > 0 ? throw new BuildFailedException(problems)
            : [.. boots.Select(boot => new BenchedClient(
                boot.Course.Reached[BootStep.Login] - boot.Course.Reached[BootStep.Kernel],
                boot.Course.Reached[BootStep.Login],
                File.ReadAllText(Path.Combine(lab.Lab.Logs, $"serial-{boot.Host.Name}.log")),
                boot.Traffic.NfsTo + boot.Traffic.NfsFrom))];
    }

    private async Task<(BootHost Host, BootCourse Course, TrafficCount Traffic)> BootAsync(ScenarioLab lab, BootHost host)
    {
        await using var client = await lab.SwitchOnAsync(host).ConfigureAwait(false);
        var course = await lab.FollowAsync(client, step => context.Progress.Report($"{host.Name} at {step.Short()}"), context.Cancellation).ConfigureAwait(false);
        return (host, course, (await lab.Lab.Network.CountAsync(context.Cancellation).ConfigureAwait(false)).GetValueOrDefault(host.Address, TrafficCount.None));
    }
}

/// <summary>What was measured of one client's boot.</summary>
/// <param name="KernelToLogin">From the kernel's first line to the log-in prompt, by this machine's clock.</param>
/// <param name="PowerToLogin">From power-on.</param>
/// <param name="Console">What it said on its serial line.</param>
/// <param name="NfsBytes">Bytes of IP packets over NFS, both ways, up to the prompt.</param>
internal sealed partial record BenchedClient(TimeSpan KernelToLogin, TimeSpan PowerToLogin, string Console, long NfsBytes)
{
    /// <summary>The RAM-tree script from its start to its end, by the client's clock.</summary>
    public TimeSpan RamTree
    {
        get
        {
            var marks = Mark().Matches(Console).ToLookup(m => m.Groups["step"].Value, m => double.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture));
            return TimeSpan.FromSeconds(marks["ready"].First() - marks["start"].First());
        }
    }

    [GeneratedRegex("dom0-ramtree: (?<step>start|ready) (?<at>[0-9.]+)")]
    private static partial Regex Mark();
}
