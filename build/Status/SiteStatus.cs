using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dom0Image.ClientLoads;
using Dom0Image.Generations;

namespace Dom0Image.Status;

/// <summary>How a site stands, as far as it can be known from this machine's disk and network. What is null is not known.</summary>
/// <param name="Site">Its name.</param>
/// <param name="At">When it was looked at.</param>
/// <param name="BootServer">The site's boot server.</param>
/// <param name="Boots">The generation that the menus name; null where nothing is published.</param>
/// <param name="Menus">Key of the menus that clients get; null for none.</param>
internal sealed record SiteStatus(string Site, DateTimeOffset At, string BootServer, string? Boots, string? Menus)
{
    /// <summary>In the site's order.</summary>
    public ImmutableArray<HostStatus> Hosts { get; init; } = [];

    /// <summary>Newest first.</summary>
    public ImmutableArray<GenerationStatus> Generations { get; init; } = [];

    /// <summary>Whether publication is held, and how it goes on; null where it is not.</summary>
    public PublicationHold? Hold { get; init; }

    /// <summary>The one command that comes next; null for none.</summary>
    public NextCommand? Next { get; init; }

    /// <summary>What could not be known, and why.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>A host of the site.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Profile">The profile that the site gives it.</param>
/// <param name="Next">What its menu has it boot.</param>
internal sealed record HostStatus(string Name, string Address, string Profile, NextBoot Next)
{
    /// <summary>Whether it has a connection to the NFS server of this machine.</summary>
    public bool? Connected { get; init; }

    /// <summary>Generations that the NFS server noted it to have mounted, one of which it runs when it is connected; none where nothing was noted.</summary>
    public ImmutableArray<string> Mounted { get; init; } = [];

    /// <summary>What it loaded last over TFTP, as the last run noted it from the server's log; it runs that unless it failed, or booted again since.</summary>
    public ClientLoad? Loaded { get; init; }

    /// <summary>Whether it answered a ping.</summary>
    public bool? Answers { get; init; }
}

/// <summary>What a host boots next, read from the menu that it gets.</summary>
/// <param name="Generation">The generation; null where the menu names none, or there is none.</param>
/// <param name="Profile">The profile whose menu it is; null where it has one of its own, or none.</param>
internal sealed record NextBoot(string? Generation, string? Profile)
{
    /// <summary>The daily server whose system comes first by default; the generation is what the choice after that gives. Its own copy of the menu is not seen from here.</summary>
    public string? Daily { get; init; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Problem { get; init; }
}

/// <summary>A finished generation.</summary>
/// <param name="Id">Its id.</param>
internal sealed record GenerationStatus(string Id)
{
    /// <summary>Null for one that cannot be read.</summary>
    public string? Recipe { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>Names of the edits that are in it.</summary>
    public ImmutableArray<string> Edits { get; init; } = [];

    /// <summary>Bytes that it takes on the disk, with what TFTP serves of it.</summary>
    public long? Bytes { get; init; }

    /// <summary>How many of them are no other generation's: where file systems share blocks, files whose content no other one has.</summary>
    public long? OwnBytes { get; init; }

    public BootTestState BootTest { get; init; }

    public GenerationRole Role { get; init; }

    /// <summary>Why one that is ready is not published, or what is wrong with one that is damaged; null for others.</summary>
    public string? Why { get; init; }

    /// <summary>Hosts of the site whose menus name it.</summary>
    public int Hosts { get; init; }

    /// <summary>Sets of menus on the disk that name it, published ones and earlier ones.</summary>
    public int MenuSets { get; init; }

    /// <summary>Connected clients that run from it, or may do so.</summary>
    public int Clients { get; init; }
}

/// <summary>How a generation was booted in the lab.</summary>
internal enum BootTestState
{
    None,
    Failed,
    Quick,
    Full,
}

internal enum GenerationRole
{
    /// <summary>Was made before the one that hosts boot.</summary>
    Earlier,

    /// <summary>Was made after it, and is not published.</summary>
    Ready,

    /// <summary>Hosts boot it.</summary>
    Booted,
    Damaged,
}

/// <summary>What an administrator would do next.</summary>
/// <param name="Command">As one types it.</param>
/// <param name="Why">What it is for.</param>
internal sealed record NextCommand(string Command, string Why);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(SiteStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
