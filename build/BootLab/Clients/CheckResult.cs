using System.Collections.Immutable;

namespace Dom0Image.BootLab.Clients;

/// <summary>One thing that a booted client has to prove.</summary>
/// <param name="Name">Such as <c>root-read-only</c>.</param>
/// <param name="Passed">Whether it did.</param>
/// <param name="Detail">What was found; one line.</param>
internal sealed record CheckResult(string Name, bool Passed, string Detail)
{
    /// <summary>What shows it, oldest first, such as a service's last lines.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];
}
