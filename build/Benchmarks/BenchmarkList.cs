using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Benchmarks;

/// <summary>All benchmarks, in the order in which they run and stand on the page.</summary>
internal static class BenchmarkList
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<IBenchmark> All { get; } =
        [new BaseLayerBench(), new KernelBench(), new RebuildBench(), new GrowthBench(), new ManyHostsBench(), new RamTreeBench(), new InitBench(), new LeanBench(), new NfsBench(), new SideBySideBench()];

    /// <summary>Those that the user named.</summary>
    /// <param name="filter">Names with commas between; null for all.</param>
    /// <exception cref="BuildFailedException">There is none of such a name.</exception>
    public static ImmutableArray<IBenchmark> Chosen(string? filter)
    {
        if (filter is null)
        {
            return All;
        }

        var names = filter.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.Except(All.Select(b => b.Name)).ToList();
        return unknown.Count == 0 && names.Length > 0
            ? [.. All.Where(b => names.Contains(b.Name))]
            : throw new BuildFailedException(new Diagnostic($"no benchmark is named '{string.Join("', '", unknown)}'") { Expected = $"names among {string.Join(", ", All.Select(b => b.Name))}, with commas between" });
    }
}
