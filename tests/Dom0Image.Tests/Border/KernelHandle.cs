using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dom0Image.Tests.Border;

/// <summary>What names a file within a file system: the end of what an NFS server gives its clients.</summary>
/// <param name="Type">How the kernel reads the rest.</param>
/// <param name="Bytes">Number and generation of an inode, as the file system likes them.</param>
internal sealed record KernelHandle(byte Type, byte[] Bytes)
{
    private const int WorkingDirectory = -100;
    private const int Room = 128;

    /// <summary>The root of any ext2, ext3 or ext4.</summary>
    public static KernelHandle RootOfExt { get; } = ByNumber32(2);

    /// <summary>The root of any XFS that has its usual form.</summary>
    public static KernelHandle RootOfXfs { get; } = ByNumber64(128);

    /// <summary>The root of a btrfs, seen from any of its subvolumes.</summary>
    public static KernelHandle RootOfBtrfs { get; } = new(0x4d, [.. Little64(256), .. Little64(5), 0, 0, 0, 0]);

    /// <summary>An inode's number and generation, in 32 bits each.</summary>
    public static KernelHandle ByNumber32(uint inode, uint generation = 0) => new(1, [.. Little32(inode), .. Little32(generation)]);

    /// <summary>The same with 64 bits for the number.</summary>
    public static KernelHandle ByNumber64(ulong inode, uint generation = 0) => new(0x81, [.. Little64(inode), .. Little32(generation)]);

    /// <summary>The true handle of a file: what a lucky or patient forger would find.</summary>
    public static KernelHandle Of(string path)
    {
        var handle = new byte[8 + Room];
        BinaryPrimitives.WriteInt32LittleEndian(handle, Room);
        Assert.That(name_to_handle_at(WorkingDirectory, path, handle, out _, 0), Is.Zero, path);
        return new KernelHandle(handle[4], handle[8..(8 + BinaryPrimitives.ReadInt32LittleEndian(handle))]);
    }

    private static byte[] Little32(uint value) => BitConverter.GetBytes(value);

    private static byte[] Little64(ulong value) => BitConverter.GetBytes(value);

    [DllImport("libc", SetLastError = true)]
    private static extern int name_to_handle_at(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[] handle, out int mountId, int flags);
}
