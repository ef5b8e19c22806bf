namespace Dom0Image.Benchmarks;

/// <summary>What one run of something took.</summary>
/// <param name="Wall">By the clock on the wall.</param>
/// <param name="Cpu">Processor time, user and system, of all processes that the run started.</param>
internal readonly record struct Timing(TimeSpan Wall, TimeSpan Cpu);
