using System.Collections.Immutable;

namespace Dom0Image.Archive;

/// <summary>One suite of an archive, resolved: where it is and whose signature it must carry.</summary>
/// <param name="Uri">http, https, file or copy URI of the mirror.</param>
/// <param name="Suite">Suite at that mirror, such as <c>trixie-security</c>.</param>
/// <param name="Components">Such as <c>main</c>; at least one.</param>
/// <param name="Keyring">Absolute path of the keyring that the suite's signature is verified against.</param>
internal sealed record ArchiveSource(Uri Uri, string Suite, ImmutableArray<string> Components, string Keyring);
