using System.Collections.Immutable;

namespace Dom0Image.Benchmarks;

/// <summary>Runs what is compared by turns, A B C, A B C, ..., so that a machine whose speed drifts slows all of them alike.</summary>
internal static class Turns
{
    /// <summary>Runs each as often as there are rounds.</summary>
    /// <param name="rounds">How often.</param>
    /// <param name="told">Told what runs now, and how far all is.</param>
    /// <param name="kinds">What is compared, and what a run of it gives.</param>
    /// <returns>The results of each, in the same order, by round.</returns>
    public static async Task<ImmutableArray<ImmutableArray<T>>> RunAsync<T>(int rounds, Action<string, double> told, IReadOnlyList<(string Name, Func<Task<T>> Run)> kinds)
    {
        var results = kinds.Select(_ => ImmutableArray.CreateBuilder<T>(rounds)).ToList();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (index, (name, run)) in kinds.Index())
            {
                told($"{name}, run {round + 1} of {rounds}", (double)((round * kinds.Count) + index) / (rounds * kinds.Count));
                results[index].Add(await run().ConfigureAwait(false));
            }
        }

        return [.. results.Select(result => result.ToImmutable())];
    }
}
