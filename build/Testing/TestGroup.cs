using System.Collections.Immutable;

namespace Dom0Image.Testing;

/// <summary>Tests that are run together.</summary>
/// <param name="Name">For people and file names.</param>
/// <param name="Filter">As <c>dotnet test</c> takes it.</param>
public sealed record TestGroup(string Name, string Filter)
{
    private const string NotLong = $"TestCategory!~{LongTestPart.CategoryStart}";

    /// <summary>All groups that every run has, each of their tests in exactly one, quick ones first. The long tests are in none.</summary>
    public static ImmutableArray<TestGroup> All { get; } =
    [
        new("fast", $"TestCategory!=Slow&TestCategory!=Integration&{NotLong}"),
        new("slow", $"TestCategory=Slow&TestCategory!=Integration&{NotLong}"),
        new("integration", $"TestCategory=Integration&{NotLong}"),
    ];

    /// <summary>The group's tests that the user asks for.</summary>
    /// <param name="filter">The user's own filter, or null for all.</param>
    public TestGroup Narrowed(string? filter) => filter is null ? this : this with { Filter = $"({filter})&({Filter})" };
}
