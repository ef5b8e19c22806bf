using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Testing;

namespace Dom0Image.Benchmarks;

/// <summary>All benchmarks, in the order in which they run and stand on the page.</summary>
internal static class BenchmarkList
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<IBenchmark> All { get; } =
        [new BaseLayerBench(), new KernelBench(), new RebuildBench(), new GrowthBench(), new ManyHostsBench(), new DifferenceBench(), new RamTreeBench(), new InitBench(), new LeanBench(), new NfsBench(), new SideBySideBench()];

    /// <summary>Those that the user named.</summary>
    /// <param name="filter">Names with commas between; null for all.</param>
    /// <exception cref="BuildFailedException">There is none of such a name.</exception>
    public static ImmutableArray<IBenchmark> Chosen(string? filter) => NamedPart.Chosen("benchmark", All, benchmark => benchmark.Name, filter);
}
