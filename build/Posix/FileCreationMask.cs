using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>
/// The umask of this process and of the tools that it starts. What is made is for servers that run as other users, whatever
/// mask the administrator's shell has; what others may not read is made with a mode of its own.
/// </summary>
internal static class FileCreationMask
{
    /// <summary>Sets it to 0022: others may read, and go through directories. To be called before anything is made.</summary>
    public static void LetOthersRead() => Syscall.umask(FilePermissions.S_IWGRP | FilePermissions.S_IWOTH);
}
