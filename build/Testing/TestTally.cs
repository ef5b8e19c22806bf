using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Testing;

/// <summary>Real results of tests.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Skipped">Tests that were not run to their end.</param>
/// <param name="Failures">Tests that failed, and runs that broke off.</param>
internal sealed record TestTally(int Passed, int Skipped, ImmutableArray<TestFailure> Failures)
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

    /// <summary>A tally that counts as failed when it holds no test.</summary>
    public static TestTally Required(TestTally tally, string what)
    {
        ArgumentNullException.ThrowIfNull(tally);
        return tally.Count > 0 ? tally : tally.Plus(new TestFailure(what, "no test was run", ""));
    }

    /// <summary>Fails unless some were run and all passed.</summary>
    /// <exception cref="BuildFailedException">Each failure, with its place.</exception>
    public void RequireSuccess()
    {
        if (Failures.Length > 0)
        {
            throw new BuildFailedException(Failures.Select(f => f.ToDiagnostic()));
        }

        if (Count == 0)
        {
            throw new BuildFailedException(new Diagnostic("no test was run") { Hint = "Does --filter name any?" });
        }
    }

    /// <summary><c>N passed, N failed</c>, and <c>, N skipped</c> when there are any.</summary>
    public override string ToString()
        => $"{Passed} passed, {Failures.Length} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");
}
