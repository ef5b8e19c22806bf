using System.Collections.Immutable;

namespace Dom0Image.Generations;

/// <summary>What is to be published.</summary>
/// <param name="Generation">Id of a finished generation.</param>
/// <param name="Menus">The menus, which name that generation.</param>
/// <param name="Files">Server files and boot loaders.</param>
public sealed record PublicationRequest(string Generation, MenuSet Menus, ImmutableArray<PublishedFile> Files);

/// <summary>A set of menus: files and relative links.</summary>
/// <param name="Key">Name of its directory below <see cref="Places.Menus"/>; another content has another key.</param>
/// <param name="Directory">Where it was built; it is copied.</param>
public sealed record MenuSet(string Key, string Directory);

/// <summary>One file that is replaced as a whole.</summary>
/// <param name="Place">Its place without the prefix, such as <c>/etc/dhcp/dhcpd.conf</c>.</param>
/// <param name="Source">The file that was built; it is copied.</param>
public sealed record PublishedFile(string Place, string Source);

/// <summary>What publishing did.</summary>
/// <param name="Changed">Places, without the prefix, that changed; none when everything stood there already.</param>
/// <param name="Kept">Copies of files that were not ours or were edited by hand, made before these were replaced; places without the prefix.</param>
public sealed record PublicationResult(ImmutableArray<string> Changed, ImmutableArray<string> Kept)
{
    /// <summary>Whether nothing had to be done, and nothing was touched.</summary>
    public bool NothingChanged => Changed.IsEmpty;
}
