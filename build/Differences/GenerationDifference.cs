using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dom0Image.Differences;

/// <summary>All in which two generations differ. Whoever shows it, as text, data or a page, adds nothing to it.</summary>
/// <param name="From">The one that is compared with.</param>
/// <param name="To">The other one: added is what it has more.</param>
internal sealed record GenerationDifference(ComparedGeneration From, ComparedGeneration To)
{
    /// <summary>By name.</summary>
    public ImmutableArray<PackageChange> Packages { get; init; } = [];

    /// <summary>Accounts, alternatives, services.</summary>
    public ImmutableArray<SettingChange> Settings { get; init; } = [];

    /// <summary>In order of paths in the image.</summary>
    public ImmutableArray<PathChange> Files { get; init; } = [];

    /// <summary>What TFTP serves of them, in order of paths below the generation's directory.</summary>
    public ImmutableArray<PathChange> Served { get; init; } = [];

    public ImmutableArray<KernelChange> Kernels { get; init; } = [];

    /// <summary>Names of the hypervisors' files, which have the version; null where it is the same.</summary>
    public TextChange? Hypervisor { get; init; }

    public ImmutableArray<MenuChange> Menus { get; init; } = [];

    /// <summary>Sizes of both, whether they differ or not.</summary>
    public ImmutableArray<SizePair> Sizes { get; init; } = [];

    /// <summary>What could not be compared, and why; and where more can be had.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Whether there is no difference.</summary>
    public bool IsNone => Packages.IsEmpty && Settings.IsEmpty && Files.IsEmpty && Served.IsEmpty && Kernels.IsEmpty && Hypervisor is null && Menus.IsEmpty;
}

/// <summary>One of the two.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Recipe">Name of its recipe.</param>
/// <param name="Created">When it was put together.</param>
/// <param name="Published">Whether it is the one that hosts boot.</param>
internal sealed record ComparedGeneration(string Id, string Recipe, DateTimeOffset Created, bool Published);

/// <summary>Two texts, of which one may not be there.</summary>
internal sealed record TextChange(string? Before, string? After);

/// <summary>Two sizes, of which one may not be there.</summary>
/// <param name="What">What is so large.</param>
/// <param name="Before">Bytes, or files where the name says so.</param>
/// <param name="After">The same of the other one.</param>
internal sealed record SizePair(string What, long? Before, long? After);

internal enum ChangeKind
{
    Added,
    Removed,
    Upgraded,
    Downgraded,
    Changed,
}

/// <summary>A package that differs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Architecture">Its architecture; empty where the list says none.</param>
/// <param name="Kind">How.</param>
/// <param name="Before">Its version; null where it was not there.</param>
/// <param name="After">The same of the other one.</param>
internal sealed record PackageChange(string Name, string Architecture, ChangeKind Kind, string? Before, string? After)
{
    /// <summary>What its changelog says of the versions since, without the packagers' names; empty where there is none to be had.</summary>
    public ImmutableArray<string> Changelog { get; init; } = [];
}

internal enum SettingKind
{
    User,
    Group,

    /// <summary>Of a user. Hashes are never shown.</summary>
    Password,
    Alternative,
    Service,
}

/// <summary>A setting that has a name of its own.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Before">In words; null where it was not there.</param>
/// <param name="After">The same of the other one.</param>
internal sealed record SettingChange(SettingKind Kind, string Name, string? Before, string? After);

/// <summary>A kernel that differs in its name or its options.</summary>
/// <param name="Flavour">The recipe's name of it.</param>
/// <param name="Before">Its file; null where there was none.</param>
/// <param name="After">The same of the other one.</param>
/// <param name="Options">Options that differ, without <c>CONFIG_</c>; <c>n</c> is off or not there. None where there is only one of the two.</param>
internal sealed record KernelChange(string Flavour, string? Before, string? After, ImmutableArray<OptionChange> Options);

/// <summary>An option of a kernel.</summary>
internal sealed record OptionChange(string Name, string Before, string After);

/// <summary>What menus load in the one generation and not in the other.</summary>
/// <param name="Menus">Their names: hosts and profiles that the same holds for.</param>
/// <param name="Before">Files with their options. The generation's own id stands as <c>ID</c>.</param>
/// <param name="After">The same of the other one.</param>
internal sealed record MenuChange(ImmutableArray<string> Menus, ImmutableArray<string> Before, ImmutableArray<string> After);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(GenerationDifference))]
internal sealed partial class DifferenceJson : JsonSerializerContext;
