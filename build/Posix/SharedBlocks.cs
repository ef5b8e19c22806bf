using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dom0Image.Posix;

/// <summary>
/// Has files with the same content take their room on the disk once (ioctl_fideduperange(2)): XFS and btrfs do. The kernel compares
/// them itself, and shares only what is the same; neither file's content, mode, owner or times change, and what is written to one later
/// never reaches the other.
/// </summary>
internal static class SharedBlocks
{
    // FIDEDUPERANGE of linux/fs.h, as 64-bit machines number it.
    private const nuint Deduplicate = 0xC0189436;
    private const int Differs = 1;

    /// <summary>Shares a whole file's blocks with another file of the same size.</summary>
    /// <param name="file">The file.</param>
    /// <param name="with">Whose blocks it takes.</param>
    public static Sharing Try(FileNode file, FileNode with)
    {
        if (file.Size != with.Size || file.FileSystem != with.FileSystem)
        {
            return file.Size != with.Size ? Sharing.Differs : Sharing.Impossible;
        }

        using var from = with.Open();
        using var to = file.Open();
        for (long done = 0; done < file.Size;)
        {
            var range = new Range { SourceOffset = (ulong)done, Length = (ulong)(file.Size - done), Count = 1, Target = Descriptor(to), TargetOffset = (ulong)done };
            if (ioctl((int)Descriptor(from), Deduplicate, ref range) != 0 || range.Status < 0)
            {
                return Sharing.Impossible;
            }

            if (range.Status == Differs || range.Shared == 0)
            {
                return Sharing.Differs;
            }

            done += (long)range.Shared;
        }

        return Sharing.Done;
    }

    private static long Descriptor(SafeFileHandle handle) => handle.DangerousGetHandle();

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, ref Range range);

    // struct file_dedupe_range, with one struct file_dedupe_range_info behind it.
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public ulong SourceOffset;
        public ulong Length;
        public ushort Count;
        public ushort Reserved1;
        public uint Reserved2;
        public long Target;
        public ulong TargetOffset;
        public ulong Shared;
        public int Status;
        public uint Reserved3;
    }
}

/// <summary>What became of sharing.</summary>
internal enum Sharing
{
    Done,

    /// <summary>The two are not the same.</summary>
    Differs,

    /// <summary>The file system knows no such thing, or not for this file.</summary>
    Impossible,
}
