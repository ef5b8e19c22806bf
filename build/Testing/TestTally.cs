using System.Collections.Immutable;

namespace Dom0Image.Testing;

/// <summary>Real results of tests.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Skipped">Tests that were not run to their end.</param>
/// <param name="Failures">Tests that failed, and runs that broke off.</param>
public sealed record TestTally(int Passed, int Skipped, ImmutableArray<TestFailure> Failures)
{
    /// <summary>No tests.</summary>
    public static TestTally None { get; } = new(0, 0, []);

    /// <summary>How many tests there were.</summary>
    public int Count => Passed + Skipped + Failures.Length;

    /// <summary>Both together.</summary>
    public TestTally Plus(TestTally other)
        => new(Passed + other.Passed, Skipped + other.Skipped, Failures.AddRange(other.Failures));

    /// <summary>This and one more failure.</summary>
    public TestTally Plus(TestFailure failure) => this with { Failures = Failures.Add(failure) };

    /// <summary><c>N passed, N failed</c>, and <c>, N skipped</c> when there are any.</summary>
    public override string ToString()
        => $"{Passed} passed, {Failures.Length} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");
}
