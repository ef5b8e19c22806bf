namespace Dom0Image.Boot.Loaders;

/// <summary>For 64-bit UEFI, which has two codes. A kernel finds its screen there only if the loader set one up.</summary>
internal static class GrubEfi
{
    public static GrubLoader Loader { get; } = new(
        "x86_64-efi", "x86_64-efi", "boot/grub/x86_64-efi/core.efi", ["efinet", "efi_gop", "efi_uga", "video", "video_fb"], [0x0007, 0x0009], "grub-efi-amd64-bin", "GRUB for UEFI")
    {
        IsEfi = true,
    };
}
