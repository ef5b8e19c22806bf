namespace Dom0Image.Posix;

/// <summary>Modes of what servers read: they run as other users, and the umask must not matter.</summary>
internal static class PublicModes
{
    public const UnixFileMode File = (UnixFileMode)0b110_100_100;

    public const UnixFileMode Directory = (UnixFileMode)0b111_101_101;

    public const UnixFileMode Program = Directory;
}
