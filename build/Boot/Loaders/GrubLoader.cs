using System.Collections.Immutable;

namespace Dom0Image.Boot.Loaders;

/// <summary>GRUB as the network loader of one kind of firmware.</summary>
/// <param name="Platform">Its directory below <c>/usr/lib/grub</c>.</param>
/// <param name="Format">What <c>grub-mkimage</c> is asked for.</param>
/// <param name="File">The image as TFTP clients name it.</param>
/// <param name="Modules">What it has beside <see cref="GrubImages.CommonModules"/>.</param>
/// <param name="Architectures">Whom DHCP tells of it: codes of RFC 4578, which firmware sends.</param>
/// <param name="Package">The Debian package of its modules.</param>
/// <param name="Purpose">What that is needed for.</param>
internal sealed record GrubLoader(string Platform, string Format, string File, ImmutableArray<string> Modules, ImmutableArray<int> Architectures, string Package, string Purpose)
{
    /// <summary>Whether firmware that sends no code is told of it, too.</summary>
    public bool ForUntold { get; init; }

    /// <summary>Whether it is asked for by UEFI.</summary>
    public bool IsEfi { get; init; }
}
