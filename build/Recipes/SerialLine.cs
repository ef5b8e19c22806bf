using System.Collections.Immutable;

namespace Dom0Image.Recipes;

/// <summary>A serial console that every program of the boot chain can use.</summary>
internal sealed record SerialLine
{
    private SerialLine(int port, int speed) => (Port, Speed) = (port, speed);

    /// <summary>Ports, from 0; Xen knows two.</summary>
    public static ImmutableArray<int> Ports { get; } = [0, 1];

    /// <summary>Bits per second.</summary>
    public static ImmutableArray<int> Speeds { get; } = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200];

    /// <summary>The first port, as fast as it can.</summary>
    public static SerialLine Usual { get; } = new(Ports[0], Speeds[^1]);

    /// <summary>Port, from 0: <c>ttyS0</c>, Xen's <c>com1</c>.</summary>
    public int Port { get; }

    /// <summary>Bits per second.</summary>
    public int Speed { get; }

    /// <exception cref="ArgumentException">Not every program can use it.</exception>
    public static SerialLine Of(int port, int speed)
        => Ports.Contains(port) && Speeds.Contains(speed) ? new(port, speed) : throw new ArgumentException($"there is no serial line {port} at {speed} bits per second");
}
