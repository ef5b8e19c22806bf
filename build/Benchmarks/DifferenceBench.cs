using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Dom0Image.Diagnostics;
using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Benchmarks;

/// <summary>Two generations of 50,000 files compared, with a tenth of them changed, and with all of them.</summary>
internal sealed class DifferenceBench : IBenchmark
{
    private const int Files = 50_000;
    private const int Rounds = 5;

    // One in so many files is another one.
    private static readonly ImmutableArray<int> Kinds = [10, 1];

    /// <inheritdoc/>
    public string Name => "diff";

    /// <inheritdoc/>
    public string Title => "Two generations compared";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var places = new Places(bed.In("diff"));
        var site = SiteReader.Read(SiteFile(bed));
        var old = Make(places, bed.In("diff-parts"), "old", i => $"0{i:x63}");
        string[] others = [.. Kinds.Select(every => Make(places, bed.In("diff-parts"), $"new{every}", i => $"{(i % every == 0 ? 1 : 0)}{i:x63}"))];
        var runs = await Turns.RunAsync(Rounds + 1, bed.Tell, [.. Kinds.Select((every, kind) => ($"one file in {every} changed", (Func<Task<TimeSpan>>)(() => Task.FromResult(Once(places, site, old, others[kind], Files / every)))))]).ConfigureAwait(false);
        TimeSpan Middle(int kind) => runs[kind][1..].Order().ElementAt(Rounds / 2);
        return new BenchSection(Title)
        {
            About = [$"In the process: two manifests of {Files:N0} files are read and compared, with packages, accounts, kernels and menus, and the text, the JSON and the page are made."],
            Comparisons = [.. Kinds.Select((every, kind) => Comparison.Time($"{Files:N0} files, one in {every} of them changed", Middle(kind), 2))],
        };
    }

    private static TimeSpan Once(Places places, Site site, string from, string to, int expected)
    {
        var watch = Stopwatch.StartNew();
        var difference = new DifferenceReader(places, site).Read(from, to);
        _ = DifferenceText.Write(difference).Length + DifferencePage.Write(difference).Length + JsonSerializer.Serialize(difference, DifferenceJson.Default.GenerationDifference).Length;
        var took = watch.Elapsed;
        return difference.Files.Length == expected ? took : throw new BuildFailedException(new Diagnostic($"the benchmark does not measure what it says: {difference.Files.Length} files differ"));
    }

    private static string SiteFile(BenchBed bed)
    {
        var file = bed.In("diff.yaml");
        File.WriteAllText(file, "boot-server: 10.0.0.5\nsubnets: [{ network: 10.0.0.0/15 }]\nroot-login: { password: locked }\nprofiles: { plain: { title: Linux, xen: false } }\n");
        return file;
    }

    private static string Make(Places places, string parts, string name, Func<int, string> sum)
    {
        string Part(string file, string content)
        {
            var path = Path.Combine(Directory.CreateDirectory(Path.Combine(parts, name)).FullName, file);
            File.WriteAllText(path, content);
            return path;
        }

        using var staged = new GenerationAssembler(places).Begin($"diff-{name}");
        staged.Seal(new GenerationParts
        {
            RecipeName = "diff",
            Key = StageKey.For("diff", 1).Add("name", name).Build(),
            PackageListFile = Part("packages.txt", string.Concat(Enumerable.Range(0, 1_000).Select(i => $"package{i} 1.{(name == "old" ? 0 : i % 2)} amd64\n"))),
            Kernels = [new KernelFile("kernel-6.12-generic", Part("bzImage", "a kernel"), Part("System.map", ""), Part("config", string.Concat(Enumerable.Range(0, 5_000).Select(i => $"CONFIG_O{i}={(name == "old" || i % 100 > 0 ? "y" : "m")}\n"))))],
        });
        ManifestFile.Write(
            new Manifest([.. Enumerable.Range(0, Files).Select(i => new ManifestEntry { Path = $"/usr/share/package{i / 50:d4}/a-file-of-it-{i:d5}", Type = FileType.File, Mode = "0644", Size = i, Sha256 = sum(i) })]),
            staged.Tree.ManifestFile);
        staged.Finish();
        return staged.Id;
    }
}
