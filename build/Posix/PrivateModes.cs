namespace Dom0Image.Posix;

/// <summary>Modes of what nobody but its owner reads: logs that may hold passwords, and what is not finished.</summary>
internal static class PrivateModes
{
    public const UnixFileMode File = (UnixFileMode)0b110_000_000;

    public const UnixFileMode Directory = (UnixFileMode)0b111_000_000;
}
