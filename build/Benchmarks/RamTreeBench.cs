using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Processes;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Store;

namespace Dom0Image.Benchmarks;

/// <summary>The RAM-tree scripts alone, many times, in a mount namespace of this machine.</summary>
internal sealed class RamTreeBench : IBenchmark
{
    private const int Rounds = 101;

    /// <inheritdoc/>
    public string Name => "ram-tree";

    /// <inheritdoc/>
    public string Title => "RAM-tree init alone";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var boot = await BenchBoot.PrepareAsync(bed).ConfigureAwait(false);
        var recipe = (await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false)).Recipe;
        var directory = Directory.CreateDirectory(bed.In("ram-tree")).FullName;
        var loop = Write(directory, "loop.sh", EmbeddedText.Of("Benchmarks/ram-tree.sh"));
        ImmutableArray<string> scripts =
        [
            Write(directory, "ours", RamTreeScripts.RamTreeScript(recipe)),
            Write(directory, "howto", HowtoRamTree.Script(recipe.Flash, boot.Root)),
            Write(directory, "none", HowtoRamTree.Nothing),
        ];
        var place = Directory.CreateDirectory(Path.Combine(directory, "place")).FullName;
        var result = await bed.Context.RunAsync(IsolatedScript.Command("exec bash \"$@\"", [loop, boot.Root, place, Rounds.ToString(CultureInfo.InvariantCulture), .. scripts])).ConfigureAwait(false);
        var times = result.Lines.Select(line => line.Split(' ')).ToLookup(f => f[0], f => TimeSpan.FromMicroseconds(double.Parse(f[1], CultureInfo.InvariantCulture)));
        var names = new[] { "ours", "the Howto's way", "none" };
        var measured = names.Select((name, i) => Measurement.OfWall(name, times[i.ToString(CultureInfo.InvariantCulture)])).ToList();
        var list = recipe.Flash.Entries.Length;
        return new BenchSection(Title)
        {
            About =
            [
                $"The scripts of the next section on this machine's own processor: in a read-only bind mount of the published root, by turns, {Rounds} times each, with the files in memory. "
                    + $"The flash list has {list} entries; the Howto's way starts {Commands(scripts[1])} processes for them, and ours three (mount, tar, mount). The time of a chroot that runs an empty script is in each.",
            ],
            Comparisons = [Comparison.Ratio("ours / the Howto's way", measured[0], measured[1], 0.25)],
            Table =
            [
                "| | median | fastest | slowest |",
                "| --- | --- | --- | --- |",
                .. measured.Select(m => $"| {m.Name} | {Milliseconds(m.Wall)} | {Milliseconds(m.Runs.Min(r => r.Wall))} | {Milliseconds(m.Runs.Max(r => r.Wall))} |"),
            ],
        };
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F1} ms");

    private static int Commands(string script)
        => File.ReadLines(script).Count(line => line.Split(' ')[0] is "mkdir" or "chmod" or "chown" or "cp" or "touch" or "ln" or "mount");

    private static string Write(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
