using System.Collections.Immutable;

namespace Dom0Image.Testing;

/// <summary>Tests that are run together.</summary>
/// <param name="Name">For people and file names.</param>
/// <param name="Filter">As <c>dotnet test</c> takes it.</param>
internal sealed record TestGroup(string Name, string Filter)
{
    private const string NotLong = $"TestCategory!~{LongTestPart.CategoryStart}";

    /// <summary>The tests that take no more than minutes together.</summary>
    public const string FastFilter = $"TestCategory!=Slow&TestCategory!=Integration&TestCategory!=Boots&{NotLong}";

    private static readonly TestGroup Fast = new("fast", FastFilter);
    private static readonly TestGroup Slow = new("slow", $"TestCategory=Slow&TestCategory!=Integration&TestCategory!=Boots&{NotLong}");
    private static readonly TestGroup Integration = new("integration", $"TestCategory=Integration&TestCategory!=Boots&{NotLong}");
    private static readonly TestGroup Boots = new("boots", $"TestCategory=Boots&{NotLong}");

    /// <summary>
    /// What every run has, each test in exactly one group. The groups of a lane run one after the other, quick ones first; lanes run
    /// side by side, since a machine that is emulated keeps no more than one processor busy. The long tests are in none.
    /// </summary>
    public static ImmutableArray<ImmutableArray<TestGroup>> Lanes { get; } = [[Fast, Slow, Integration], [Boots]];

    /// <summary>The group's tests that the user asks for.</summary>
    /// <param name="filter">The user's own filter, or null for all.</param>
    public TestGroup Narrowed(string? filter) => filter is null ? this : this with { Filter = $"({filter})&({Filter})" };
}
