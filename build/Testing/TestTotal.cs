namespace Dom0Image.Testing;

/// <summary>The results of groups that run side by side, so far.</summary>
internal sealed class TestTotal
{
    private readonly Lock _gate = new();
    private readonly Action<TestTally> _told;

    /// <summary>None yet.</summary>
    /// <param name="told">Told of the total now and whenever it changes.</param>
    public TestTotal(Action<TestTally> told)
    {
        _told = told;
        told(Tally);
    }

    /// <summary>All results.</summary>
    public TestTally Tally { get; private set; } = TestTally.None;

    /// <summary>Adds a group's.</summary>
    public void Add(TestTally tally)
    {
        lock (_gate)
        {
            Tally = Tally.Plus(tally);
            _told(Tally);
        }
    }
}
