namespace Dom0Image.Archive;

/// <summary>A package as a suite's signed index describes it; not yet downloaded.</summary>
/// <param name="Name">Such as <c>linux-source-6.12</c>.</param>
/// <param name="Version">Debian version, such as <c>6.12.117-1</c>.</param>
/// <param name="Architecture">Such as <c>amd64</c> or <c>all</c>.</param>
/// <param name="Sha256">Of the file, 64 lower-case hex digits.</param>
/// <param name="Size">Of the file, in bytes.</param>
internal sealed record PackageEntry(string Name, string Version, string Architecture, string Sha256, long Size);

/// <summary>A package's file on this machine, with the digest that the signed index gives it.</summary>
/// <param name="Entry">What the index says.</param>
/// <param name="Path">Absolute path of the <c>.deb</c>; not to be written to.</param>
internal sealed record DebFile(PackageEntry Entry, string Path);
