namespace Dom0Image.Tests.ServerGuest;

/// <summary>A disk of a server guest.</summary>
/// <param name="File">The image.</param>
/// <param name="Format">As QEMU names it: <c>raw</c> or <c>qcow2</c>.</param>
internal sealed record GuestDisk(string File, string Format = "raw")
{
    /// <summary>Found in the guest as <c>/dev/disk/by-id/virtio-NAME</c>; null for a disk that needs none.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the guest can only read it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Gets what the guest writes and when it flushes, in order, so that a power cut can be played; null for none.</summary>
    public string? WriteLog { get; init; }
}
