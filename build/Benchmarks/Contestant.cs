using System.Collections.Immutable;
using System.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Benchmarks;

/// <summary>Something that can be timed.</summary>
/// <param name="Name">What is run.</param>
/// <param name="Prepare">Brings the disk into the state from which the clock starts; not timed.</param>
/// <param name="Run">What is timed.</param>
internal sealed record Contestant(string Name, Func<Task> Prepare, Func<Task> Run)
{
    /// <summary>Times contestants by turns.</summary>
    /// <param name="rounds">How often.</param>
    /// <param name="told">Told what runs now, and how far the race is.</param>
    /// <param name="contestants">At least one.</param>
    /// <returns>A measurement of each, in the same order.</returns>
    public static async Task<ImmutableArray<Measurement>> RaceAsync(int rounds, Action<string, double> told, params Contestant[] contestants)
    {
        var times = await Turns.RunAsync(rounds, told, [.. contestants.Select(c => (c.Name, (Func<Task<Timing>>)(async () =>
        {
            await c.Prepare().ConfigureAwait(false);
            return await TimeAsync(c.Run).ConfigureAwait(false);
        })))]).ConfigureAwait(false);
        return [.. contestants.Select((c, i) => new Measurement(c.Name, times[i]))];
    }

    private static async Task<Timing> TimeAsync(Func<Task> run)
    {
        // Deleted trees and written files of the run before would else be this one's burden.
        Durable.SyncAll();
        var cpu = ProcessorClock.Children();
        var watch = Stopwatch.StartNew();
        await run().ConfigureAwait(false);
        return new Timing(watch.Elapsed, ProcessorClock.Children() - cpu);
    }
}
