using System.Collections.Immutable;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Benchmarks;

/// <summary>Our cold base layer against the tools that one would take by hand.</summary>
internal sealed class BaseLayerBench : IBenchmark
{
    private const int Rounds = 2;

    // debootstrap knows one suite only.
    private const string OneSuite = "bench-one-suite";

    // debos has systemd-nspawn leave directories there.
    private const string NspawnState = "/run/systemd/nspawn";

    /// <inheritdoc/>
    public string Name => "base-layer";

    /// <inheritdoc/>
    public string Title => "Cold base layer";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var plan = await OneSuitePlanAsync(bed).ConfigureAwait(false);
        var store = bed.In("cold-store");
        var nspawnWasHere = Directory.Exists(NspawnState);
        var others = new OtherBootstrappers(plan.Recipe, plan.Sources[0], bed.In("by-hand"));
        string[] ours = ["--target=BaseLayer", $"--recipe={OneSuite}", $"--store={store}", $"--prefix={bed.Prefix}"];

        // Once without a clock: it tells the packages, and every mirror and proxy on the way has seen them then.
        await bed.BuildAsync(ours).ConfigureAwait(false);
        var packages = PackageSet.Of(await File.ReadAllLinesAsync(OurList(store), bed.Context.Cancellation).ConfigureAwait(false));
        var script = await DebootstrapScriptAsync(bed, others, packages).ConfigureAwait(false);

        var measured = await Contestant.RaceAsync(
            Rounds,
            (what, done) => bed.Context.Progress.Report(what, done),
            new Contestant("ours", () => Clear(store), () => bed.BuildAsync(ours)),
            new Contestant("mmdebstrap by hand", () => Clear(others.Archive), () => bed.Context.RunAsync(others.Mmdebstrap())),
            new Contestant("debootstrap", () => Clear(others.Directory), () => bed.Context.RunAsync(others.Debootstrap())),
            new Contestant("debos, unpacked", () => PrepareDebosAsync(others, packages), () => bed.Context.RunAsync(others.Debos()))).ConfigureAwait(false);

        ImmutableArray<(string, PackageSet)> lists =
        [
            ("mmdebstrap", PackageSet.Of(await InstalledInAsync(bed, await UnpackStatusAsync(bed, others).ConfigureAwait(false)).ConfigureAwait(false))),
            ("debootstrap", PackageSet.Of(await InstalledInAsync(bed, Path.Combine(others.Directory, "var/lib/dpkg")).ConfigureAwait(false))),
            ("debos", PackageSet.Of(await File.ReadAllLinesAsync(others.DebosPackages, bed.Context.Cancellation).ConfigureAwait(false))),
        ];
        var section = new BenchSection(Title)
        {
            About = About(packages, lists),
            Comparisons =
            [
                Comparison.Ratio("ours / mmdebstrap by hand", measured[0], measured[1], 1.10),
                Comparison.Ratio("ours / debootstrap", measured[0], measured[2], 0.60),
                Comparison.Ratio("ours / debos, unpacked", measured[0], measured[3], 0.75),
            ],
            Table = Tables.Of([.. measured]),
            Commands =
            [
                ("ours", bed.Show(bed.BuildSh(ours), plan.Sources)),
                ("mmdebstrap by hand", bed.Show(others.Mmdebstrap(), plan.Sources)),
                ("debootstrap", bed.Show(others.Debootstrap(), plan.Sources)),
                ("its script", bed.Redact(script, plan.Sources).TrimEnd()),
                ("debos", bed.Show(others.Debos(), plan.Sources)),
                ("its recipe", bed.Redact(others.DebosRecipe(packages), plan.Sources).TrimEnd()),
            ],
            Versions = PackageVersions.Of("mmdebstrap", "debootstrap", "debos", "apt", "zstd"),
        };
        await Clear(store).ConfigureAwait(false);
        await Clear(bed.In("by-hand")).ConfigureAwait(false);
        if (!nspawnWasHere)
        {
            await Clear(NspawnState).ConfigureAwait(false);
        }

        return section;
    }

    private static ImmutableArray<string> About(PackageSet packages, ImmutableArray<(string Name, PackageSet Installed)> lists) =>
    [
        "Ours is the whole command with an empty store: the mirror's lists and every package come over the network, and the "
            + "layer ends as a compressed archive that is synced to the disk, with its packages kept for the next time. mmdebstrap by hand "
            + "ends as the same kind of archive, with zstd as it sets it, and keeps nothing. debootstrap and debos only fill a directory, "
            + "which is less work; they also leave in what the recipe leaves out (documentation, locales, manuals).",
        $"All four install from the recipe's main suite alone, since debootstrap knows no updates. The {packages.Names.Length} packages of ours "
            + "are handed to debootstrap and debos as a list; debootstrap gets it in a script, for it cannot choose between alternative "
            + "dependencies and would add systemd. Afterwards the package databases are compared with ours: "
            + string.Join("; ", lists.Select(l => $"{l.Name} has {packages.Compare(l.Installed)}")) + ".",
    ];

    private static async Task<BuildPlan> OneSuitePlanAsync(BenchBed bed)
    {
        var recipe = (await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false)).Recipe;
        var text = await File.ReadAllTextAsync(recipe.File, bed.Context.Cancellation).ConfigureAwait(false);
        var narrowed = recipe.Archives.IsEmpty && recipe.Mirrors.IsEmpty ? $"{text}\narchives: [{recipe.Suite}]\n" : text;
        await File.WriteAllTextAsync(Path.Combine(bed.Checkout, "recipes", $"{OneSuite}.yaml"), narrowed, bed.Context.Cancellation).ConfigureAwait(false);
        return await bed.PlanAsync(OneSuite).ConfigureAwait(false);
    }

    private static async Task<string> DebootstrapScriptAsync(BenchBed bed, OtherBootstrappers others, PackageSet packages)
    {
        Directory.CreateDirectory(bed.In("by-hand"));
        var first = (await bed.Context.RunAsync(others.DebootstrapFirst()).ConfigureAwait(false)).Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var script = others.DebootstrapScript(packages, [.. first.Intersect(packages.Names)]);
        await File.WriteAllTextAsync(others.DebootstrapScriptFile, script, bed.Context.Cancellation).ConfigureAwait(false);
        return script;
    }

    private static async Task PrepareDebosAsync(OtherBootstrappers others, PackageSet packages)
    {
        await Clear(others.DebosDirectory).ConfigureAwait(false);
        Directory.CreateDirectory(others.DebosDirectory);
        await File.WriteAllTextAsync(others.DebosRecipeFile, others.DebosRecipe(packages)).ConfigureAwait(false);
    }

    private static async Task<string> UnpackStatusAsync(BenchBed bed, OtherBootstrappers others)
    {
        var directory = bed.In("by-hand/status-of-mmdebstrap");
        Directory.CreateDirectory(directory);
        await bed.Context.RunAsync(new ToolCommand("tar", "--extract", "--zstd", "--file", others.Archive, "--directory", directory, "./var/lib/dpkg")).ConfigureAwait(false);
        return Path.Combine(directory, "var/lib/dpkg");
    }

    private static async Task<IReadOnlyList<string>> InstalledInAsync(BenchBed bed, string database)
        => (await bed.Context.RunAsync(new ToolCommand("dpkg-query", $"--admindir={database}", "--show", $"--showformat={PackageSet.ShowFormat}")).ConfigureAwait(false)).Lines;

    private static string OurList(string store)
        => Directory.EnumerateFiles(Path.Combine(store, "stages", "base-layer"), "packages.txt", SearchOption.AllDirectories).Single();

    private static Task Clear(string path)
    {
        SafeDelete.Tree(path);
        return Task.CompletedTask;
    }
}
