using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Benchmarks;

/// <summary>Our kernel stage without anything cached against plain <c>make</c> of the same configuration.</summary>
internal sealed class KernelBench : IBenchmark
{
    // Each takes minutes.
    private const int Rounds = 1;

    /// <inheritdoc/>
    public string Name => "kernel";

    /// <inheritdoc/>
    public string Title => "Cold kernel";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var plan = await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false);
        var flavour = plan.Recipe.Kernels.Length == 1
            ? plan.Recipe.Kernels[0]
            : throw new BuildFailedException(new Diagnostic($"benchmark of kernels: recipe '{plan.Recipe.Name}' has {plan.Recipe.Kernels.Length}") { Expected = "one with one kernel, so that as much is compiled on both sides" });
        var store = bed.In("kernel-store");
        var plain = bed.In("plain");
        string[] ours = ["--target=Kernels", $"--recipe={bed.RecipeName}", $"--store={store}", $"--prefix={bed.Prefix}"];

        // The package lists are read, and the source package is fetched and unpacked, beforehand on both sides.
        await bed.BuildAsync("--target=Kernels", $"--recipe={bed.RecipeName}", $"--store={bed.Context.Store.Root}", $"--prefix={bed.Prefix}").ConfigureAwait(false);
        var source = Directory.GetDirectories(bed.Context.Store.KernelTrees, $"source-{flavour.Source}-*").Single();
        var make = new ToolCommand("make", "ARCH=x86_64", $"-j{Environment.ProcessorCount}", "olddefconfig", "all") { WorkingDirectory = plain, Isolation = Isolation.Processes };

        var measured = await Contestant.RaceAsync(
            Rounds,
            (what, done) => bed.Context.Progress.Report(what, done),
            new Contestant("ours", () => PrepareStoreAsync(bed, source, store), () => bed.BuildAsync(ours)),
            new Contestant("plain make", () => PreparePlainAsync(bed, source, plain, ConfigIn(store)), () => bed.Context.RunAsync(make))).ConfigureAwait(false);

        var config = await File.ReadAllTextAsync(ConfigIn(store), bed.Context.Cancellation).ConfigureAwait(false);
        var same = Options(await File.ReadAllTextAsync(Path.Combine(plain, ".config"), bed.Context.Cancellation).ConfigureAwait(false)).SetEquals(Options(config));
        return new BenchSection(Title)
        {
            About =
            [
                $"Ours is the whole command for flavour {flavour.Name} of {flavour.Source} with an empty compiler cache and no build tree: start-up, a look at "
                    + "the mirror, configuration with its checks, compilation, the results synced into the store. Plain make compiles the configuration "
                    + "that ours ended with in a fresh tree, without ccache. Package lists, and fetching and unpacking the source, are on neither side. Ours runs one job more than there are cores, plain make as many as cores. "
                    + "What ours has on top is mostly the compiler cache, which is there so that a build that was killed or another flavour compiles little: for each "
                    + "file it hashes some thousand headers and stores the object.",
                $"{Options(config).Count(o => o.EndsWith("=y", StringComparison.Ordinal)).ToString(CultureInfo.InvariantCulture)} options are `=y`, the configurations "
                    + (same ? "are the same." : "**differ**."),
            ],
            Comparisons =
            [
                Comparison.Ratio("ours / plain make, wall clock", measured[0], measured[1], 1.05),
                new Comparison("ours / plain make, processor time", measured[0].CpuRatioTo(measured[1]), null),
            ],
            Table = Tables.Of([.. measured]),
            Commands = [("ours", bed.Show(bed.BuildSh(ours), plan.Sources)), ("plain make, in an unpacked tree with our .config", bed.Show(make, plan.Sources))],
            Versions = PackageVersions.Of("gcc", "gcc-12", "gcc-14", "make", "binutils", "ccache"),
        };
    }

    private static async Task PrepareStoreAsync(BenchBed bed, string source, string store)
    {
        SafeDelete.Tree(store);
        Directory.CreateDirectory(Path.Combine(store, "kernel-trees"));
        string[] lists = [Path.Combine(bed.Context.Store.Root, "archives"), Path.Combine(bed.Context.Store.Root, "packages")];
        await bed.Context.RunAsync(new ToolCommand("cp", (string[])["-a", "--reflink=auto", "--", .. lists, store])).ConfigureAwait(false);
        await bed.Context.RunAsync(new ToolCommand("cp", "-a", "--reflink=auto", "--", source, Path.Combine(store, "kernel-trees"))).ConfigureAwait(false);
    }

    private static async Task PreparePlainAsync(BenchBed bed, string source, string plain, string config)
    {
        SafeDelete.Tree(plain);
        await bed.Context.RunAsync(new ToolCommand("cp", "-a", "--reflink=auto", "--", Directory.GetDirectories(source).Single(), plain)).ConfigureAwait(false);
        File.Copy(config, Path.Combine(plain, ".config"));
    }

    private static string ConfigIn(string store)
        => Directory.EnumerateFiles(Path.Combine(store, "stages", "kernel"), "config", SearchOption.AllDirectories).Single();

    private static ImmutableHashSet<string> Options(string config)
        => [.. config.Split('\n').Where(line => line.StartsWith("CONFIG_", StringComparison.Ordinal))];
}
