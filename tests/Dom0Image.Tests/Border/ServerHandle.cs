namespace Dom0Image.Tests.Border;

/// <summary>What an NFS server's handles say before they name a file, so that others can be made of it.</summary>
internal abstract record ServerHandle
{
    /// <summary>A handle that the server never gave.</summary>
    public abstract byte[] To(KernelHandle file);

    protected static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];
}

/// <summary>
/// Those of nfs-ganesha: two bytes, two for the export, one for the length of the rest; there, how the file system is named, its
/// name, and the kernel's handle with its type before it.
/// </summary>
/// <param name="Export">As <c>Export_Id</c> in the configuration.</param>
/// <param name="FileSystem">How the file system is named, and its name.</param>
internal sealed record GaneshaHandle(ushort Export, byte[] FileSystem) : ServerHandle
{
    private const int Head = 5;

    /// <summary>Reads the handle of a file whose handle within its file system is known.</summary>
    public static GaneshaHandle Of(byte[] handle, KernelHandle file)
    {
        var at = handle.AsSpan().IndexOf([file.Type, .. file.Bytes]);
        Assert.That(at, Is.GreaterThan(Head), $"{Convert.ToHexString(handle)} ends with {Convert.ToHexString(file.Bytes)}");
        return new GaneshaHandle((ushort)((handle[2] << 8) | handle[3]), handle[Head..at]);
    }

    public override byte[] To(KernelHandle file)
        => Padded([0x43, 0, (byte)(Export >> 8), (byte)Export, (byte)(FileSystem.Length + 1 + file.Bytes.Length), .. FileSystem, file.Type, .. file.Bytes]);
}

/// <summary>Those of the kernel's server: that of an export's root names no file, and its fourth byte says so.</summary>
/// <param name="Root">The handle of an export's root.</param>
internal sealed record KernelServerHandle(byte[] Root) : ServerHandle
{
    public override byte[] To(KernelHandle file) => Padded([.. Root[..3], file.Type, .. Root[4..], .. file.Bytes]);
}
