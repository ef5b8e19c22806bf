using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Benchmarks;

/// <summary>Everything after the base layer, on roots of 10,000 and 50,000 files.</summary>
internal sealed class GrowthBench : IBenchmark
{
    private const int Rounds = 3;
    private static readonly ImmutableArray<int> Sizes = [10_000, 50_000];
    private static readonly ImmutableArray<string> Stages = ["root", "verify", "boot files", "publish"];

    // What a run looks up; compiler cache and kernel trees are not touched by one that finds its layers.
    private static readonly ImmutableArray<string> Looked = ["stages", "archives", "packages"];

    /// <inheritdoc/>
    public string Name => "growth";

    /// <inheritdoc/>
    public string Title => "Everything after the base layer";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var plan = await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false);
        await bed.BuildAsync(bed.PublishArguments).ConfigureAwait(false);
        var store = await CopyStoreAsync(bed).ConfigureAwait(false);
        string[] Command(string place) => [$"--recipe={bed.RecipeName}", $"--store={store}", $"--prefix={bed.In(place)}"];
        var sizes = ImmutableArray.CreateBuilder<(int Files, long Bytes, ImmutableArray<BuildRun> Runs)>();
        foreach (var size in Sizes)
        {
            bed.Context.Progress.Report($"making a root of {size} files");
            var bytes = await PaddedLayer.MakeAsync(bed, Directory.EnumerateFiles(store, "rootfs.tar.zst", SearchOption.AllDirectories), size).ConfigureAwait(false);
            var runs = ImmutableArray.CreateBuilder<BuildRun>();
            for (var round = 0; round < Rounds; round++)
            {
                bed.Context.Progress.Report($"{size} files, run {round + 1} of {Rounds}");
                Durable.SyncAll();
                // Each has a place of its own, and nothing is deleted before the last: for minutes after a large deletion ext4 searches
                // long for each new inode, since it does not use those again that have just become free.
                runs.Add(await bed.BuildAsync(Command($"growth-{size}-{round}")).ConfigureAwait(false));
                runs[^1].RequireUnchanged("base layer");
            }

            sizes.Add((size, bytes, runs.ToImmutable()));
        }

        return Section([.. sizes.Select(s => (s.Files, s.Bytes, s.Runs, AfterBaseLayer(s.Files, s.Runs)))], bed.Show(bed.BuildSh(Command("growth")), plan.Sources));
    }

    private static Measurement AfterBaseLayer(int files, IEnumerable<BuildRun> runs)
        => Measurement.OfWall(string.Create(CultureInfo.InvariantCulture, $"{files:N0} files"), runs.Select(r => r.Took - r.StartOf("root")));

    private BenchSection Section(ImmutableArray<(int Files, long Bytes, ImmutableArray<BuildRun> Runs, Measurement Took)> sizes, string command) => new(Title)
    {
        About =
        [
            "The whole command over a store whose base layer has been filled up to the size with copies of its own files, so that sizes and contents are real; "
                + "everything else is there already. From the start of stage root to the command's end: the root is unpacked, composed, hashed, verified, and published "
                + "with its menus, all written out to the disk.",
        ],
        Comparisons =
        [
            .. sizes.Select(s => Comparison.Time(s.Took.Name, s.Took.Wall, s.Files == Sizes[0] ? 10 : null)),
            new Comparison($"{sizes[^1].Took.Name} / {sizes[0].Took.Name} ({(double)sizes[^1].Files / sizes[0].Files:0.#} times the files, {(double)sizes[^1].Bytes / sizes[0].Bytes:0.#} times the bytes)", sizes[^1].Took.RatioTo(sizes[0].Took), null),
        ],
        Table =
        [
            $"| | size | each run | {string.Join(" | ", Stages)} |",
            $"| --- | --- | --- | {string.Join(" | ", Stages.Select(_ => "---"))} |",
            .. sizes.Select(s => $"| {s.Took.Name} | {s.Bytes / 1_000_000} MB | {Tables.Each(s.Took.Runs.Select(r => r.Wall))} s | {string.Join(" | ", Stages.Select(stage => Tables.Seconds(StageTime(s.Runs, stage)) + " s"))} |"),
        ],
        Commands = [("each", command)],
    };

    // From a stage's start to the next one's, or to the end; the middle of the runs.
    private static TimeSpan StageTime(ImmutableArray<BuildRun> runs, string stage)
    {
        var index = Stages.IndexOf(stage);
        return Measurement.OfWall(stage, runs.Select(r => (index + 1 < Stages.Length ? r.StartOf(Stages[index + 1]) : r.Took) - r.StartOf(stage))).Wall;
    }

    private static async Task<string> CopyStoreAsync(BenchBed bed)
    {
        var copy = bed.In("growth-store");
        Directory.CreateDirectory(copy);
        var parts = Looked.Select(part => Path.Combine(bed.Context.Store.Root, part)).Where(Directory.Exists);
        await bed.Context.RunAsync(new ToolCommand("cp", (string[])["-a", "--reflink=auto", "--", .. parts, copy])).ConfigureAwait(false);
        return copy;
    }
}
