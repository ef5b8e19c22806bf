using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Testing;

/// <summary>A part of the program that is changed in many small places, one at a time, to see whether the fast tests notice.</summary>
/// <param name="Name">As <c>--filter</c> takes it.</param>
/// <param name="Folders">Folders of <c>build/</c>.</param>
internal sealed record MutationRoom(string Name, params ImmutableArray<string> Folders)
{
    /// <summary>All of them, in the order in which they run and stand on the page. A new one is a new row here.</summary>
    public static ImmutableArray<MutationRoom> All { get; } =
    [
        new("generations", "Generations"),
        new("roots", "RootFs", "BaseLayer"),
        new("boot", "Boot"),
        new("recipes", "Recipes"),
    ];

    /// <summary>Those that the user named.</summary>
    /// <param name="filter">Names with commas between; null for all.</param>
    /// <exception cref="BuildFailedException">There is none of such a name.</exception>
    public static ImmutableArray<MutationRoom> Chosen(string? filter) => NamedPart.Chosen("room for mutants", All, room => room.Name, filter);
}
