namespace Dom0Image.Benchmarks;

/// <summary>One benchmark.</summary>
internal interface IBenchmark
{
    /// <summary>What <c>--filter</c> names it by.</summary>
    string Name { get; }

    /// <summary>Heading of its section.</summary>
    string Title { get; }

    /// <summary>Measures.</summary>
    /// <param name="bed">Room and tools.</param>
    /// <exception cref="Diagnostics.BuildFailedException">It could not be measured.</exception>
    Task<BenchSection> RunAsync(BenchBed bed);
}
