using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dom0Image.Edits.Layers;

/// <summary>What a session set that has a name of its own, and is told to a new base by the tool that keeps it.</summary>
internal sealed record LayerSettings
{
    /// <summary>No change.</summary>
    public static LayerSettings None { get; } = new();

    /// <summary>Users that are new, or have another shell, home or the like; and no package made them.</summary>
    public ImmutableArray<UserSetting> Users { get; init; } = [];

    /// <summary>Names of users that were removed.</summary>
    public ImmutableArray<string> RemovedUsers { get; init; } = [];

    /// <summary>Groups that are new, with their ids.</summary>
    public ImmutableSortedDictionary<string, uint> Groups { get; init; } = ImmutableSortedDictionary<string, uint>.Empty;

    /// <summary>Names of groups that were removed.</summary>
    public ImmutableArray<string> RemovedGroups { get; init; } = [];

    /// <summary>Who came to which group, or left it.</summary>
    public ImmutableArray<MemberSetting> Members { get; init; } = [];

    /// <summary>Password fields of <c>/etc/shadow</c> by user: hashes, or <c>!</c> and the like.</summary>
    public ImmutableSortedDictionary<string, string> Passwords { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Alternatives that were chosen, by name: the path, or <c>auto</c>.</summary>
    public ImmutableSortedDictionary<string, string> Alternatives { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Diversions that nobody's package made: what is diverted, and where to; null for one that was removed.</summary>
    public ImmutableSortedDictionary<string, string?> Diversions { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    /// <summary>Stat overrides by path: <c>owner group mode</c>; null for one that was removed.</summary>
    public ImmutableSortedDictionary<string, string?> StatOverrides { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    /// <summary>Services by the name of their script or unit, and whether they start.</summary>
    public ImmutableSortedDictionary<string, bool> Services { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;

    /// <summary>Answers to debconf's questions, by question.</summary>
    public ImmutableArray<DebconfSetting> Debconf { get; init; } = [];

    /// <summary>Whether nothing changed.</summary>
    [JsonIgnore]
    public bool IsEmpty => Users.IsEmpty && RemovedUsers.IsEmpty && Groups.IsEmpty && RemovedGroups.IsEmpty && Members.IsEmpty && Passwords.IsEmpty
        && Alternatives.IsEmpty && Diversions.IsEmpty && StatOverrides.IsEmpty && Services.IsEmpty && Debconf.IsEmpty;
}

/// <summary>A user as <c>/etc/passwd</c> has it; the password is a setting of its own.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Uid">Its id.</param>
/// <param name="Group">Name of its own group.</param>
/// <param name="Comment">The field of names and the like.</param>
/// <param name="Home">Its home.</param>
/// <param name="Shell">Its shell.</param>
internal sealed record UserSetting(string Name, uint Uid, string Group, string Comment, string Home, string Shell);

/// <summary>A user in a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="User">The user.</param>
/// <param name="IsMember">False where it left.</param>
internal sealed record MemberSetting(string Group, string User, bool IsMember);

/// <summary>An answer to a question of debconf.</summary>
/// <param name="Owner">The package that asks.</param>
/// <param name="Question">The question's name.</param>
/// <param name="Type">Its type, such as <c>select</c>.</param>
/// <param name="Value">The answer.</param>
internal sealed record DebconfSetting(string Owner, string Question, string Type, string Value);
