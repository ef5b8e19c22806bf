using System.Collections.Immutable;

namespace Dom0Image.Boot.Loaders;

/// <summary>The network loaders that there are. Firmware that is none of theirs, such as 32-bit UEFI, is told of none.</summary>
internal static class NetworkLoaders
{
    public static ImmutableArray<GrubLoader> All { get; } = [GrubBios.Loader, GrubEfi.Loader];
}
