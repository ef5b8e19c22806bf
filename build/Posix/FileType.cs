namespace Dom0Image.Posix;

/// <summary>What a name in a tree is.</summary>
internal enum FileType
{
    File,
    Directory,
    Symlink,
    CharacterDevice,
    BlockDevice,

    /// <summary>A named pipe.</summary>
    Fifo,
    Socket,
}
