namespace Dom0Image.Boot.Loaders;

/// <summary>For BIOS, and for its PXE ROMs that say nothing of themselves.</summary>
internal static class GrubBios
{
    public static GrubLoader Loader { get; } = new(
        "i386-pc", "i386-pc-pxe", "boot/grub/i386-pc/core.0", ["pxe", "biosdisk"], [0x0000], "grub-pc-bin", "GRUB for BIOS")
    {
        ForUntold = true,
    };
}
