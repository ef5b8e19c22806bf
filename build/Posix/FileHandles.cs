using System.Globalization;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>What NFS servers ask of a file system: a handle for each file, which leads back to it later.</summary>
internal static class FileHandles
{
    /// <summary>Whether the file system of a directory gives them.</summary>
    /// <exception cref="IOException">The directory cannot be asked for another reason.</exception>
    public static bool AreGivenIn(string directory)
    {
        const int EmptyPath = 0x1000;
        // struct file_handle: its room in bytes, its type, and then the bytes. 128 is the most that there is.
        var handle = new byte[8 + 128];
        BitConverter.TryWriteBytes(handle, 128);
        return WithDescriptor(directory, descriptor =>
        {
            if (name_to_handle_at(descriptor, "", handle, out _, EmptyPath) == 0)
            {
                return true;
            }

            return Stdlib.GetLastError() is Errno.EOPNOTSUPP ? false : throw PosixFailure.Last($"cannot get a file handle of '{directory}'");
        });
    }

    /// <summary>Number of the mount that a directory is seen through, as in <see cref="MountEntry.Id"/>.</summary>
    public static int MountIdOf(string directory) => WithDescriptor(directory, descriptor =>
    {
        const string Field = "mnt_id:";
        var line = File.ReadLines($"/proc/self/fdinfo/{descriptor}").First(text => text.StartsWith(Field, StringComparison.Ordinal));
        return int.Parse(line[Field.Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    });

    private static T WithDescriptor<T>(string directory, Func<int, T> ask)
    {
        var descriptor = Syscall.open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(descriptor, $"cannot open '{directory}'");
        try
        {
            return ask(descriptor);
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int name_to_handle_at(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[] handle, out int mountId, int flags);
}
