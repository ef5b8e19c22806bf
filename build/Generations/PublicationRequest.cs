using System.Collections.Immutable;

namespace Dom0Image.Generations;

/// <summary>What is to be published.</summary>
/// <param name="Generation">Id of a finished generation.</param>
/// <param name="Menus">The menus, which name that generation.</param>
internal sealed record PublicationRequest(string Generation, MenuSet Menus)
{
    /// <summary>Whether it takes the place of a generation that is given up.</summary>
    public bool GoesBack { get; init; }

    /// <summary>
    /// Writes server files and boot loaders to their places, each by one rename, and gives the places (without the prefix)
    /// that changed. Called before hosts are switched to the generation; null for none.
    /// </summary>
    public Func<IEnumerable<string>>? WriteServerFiles { get; init; }
}

/// <summary>A set of menus: files and relative links.</summary>
/// <param name="Key">Name of its directory below <see cref="Places.Menus"/>; another content has another key.</param>
/// <param name="Directory">Where it was built; it is copied, unless it may be moved.</param>
internal sealed record MenuSet(string Key, string Directory)
{
    /// <summary>Whether nobody needs the directory any more, and it has the modes that it is to be published with.</summary>
    public bool MayBeMoved { get; init; }

    /// <summary>What was found in the directory in this run, when it was read already.</summary>
    internal MenuReading? Found { get; init; }

    internal MenuReading Read() => Found ?? MenuReading.Of(Directory);
}

/// <summary>What publishing did.</summary>
/// <param name="Changed">Places, without the prefix, that changed; none when everything stood there already.</param>
internal sealed record PublicationResult(ImmutableArray<string> Changed);
