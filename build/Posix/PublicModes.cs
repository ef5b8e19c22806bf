namespace Dom0Image.Posix;

/// <summary>Modes of what servers read: they run as other users, and the umask must not matter.</summary>
internal static class PublicModes
{
    /// <summary>0644.</summary>
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755, of a directory.</summary>
    public const UnixFileMode Directory = File | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>0755, of a program.</summary>
    public const UnixFileMode Program = Directory;
}
