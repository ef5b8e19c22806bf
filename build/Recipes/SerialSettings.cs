using System.Collections.Immutable;

namespace Dom0Image.Recipes;

/// <summary>The serial consoles that every program of the boot chain can use.</summary>
internal static class SerialSettings
{
    /// <summary>Ports, from 0; Xen knows two.</summary>
    public static ImmutableArray<int> Ports { get; } = [0, 1];

    /// <summary>Bits per second.</summary>
    public static ImmutableArray<int> Speeds { get; } = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200];
}
