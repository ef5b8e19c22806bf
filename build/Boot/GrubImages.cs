using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Boot;

/// <summary>
/// GRUB's network loaders, one file each: modules and configuration are inside, so that none can be half published, and
/// only the menu is asked for over TFTP. The images know no site: the same ones serve all.
/// </summary>
/// <param name="Bios">The PXE image on disk.</param>
/// <param name="Efi">The 64-bit UEFI image on disk.</param>
/// <param name="Output">The stage's output that holds both.</param>
internal sealed record GrubImages(string Bios, string Efi, StageOutput Output)
{
    /// <summary>The PXE image as TFTP clients name it.</summary>
    public const string BiosFile = "boot/grub/i386-pc/core.0";

    /// <summary>The UEFI image as TFTP clients name it.</summary>
    public const string EfiFile = "boot/grub/x86_64-efi/core.efi";

    private const string Modules = "/usr/lib/grub";

    private static readonly string[] CommonModules =
    [
        "boot", "chain", "configfile", "echo", "eval", "gcry_sha512", "gzio", "halt", "linux", "ls", "memdisk", "minicmd",
        "multiboot2", "net", "normal", "password_pbkdf2", "reboot", "regexp", "serial", "sleep", "tar", "terminal", "test", "tftp", "true",
    ];

    // Under UEFI a kernel finds its screen only if the loader set one up.
    private static readonly (string Platform, string Format, string File, string[] Modules)[] Platforms =
    [
        ("i386-pc", "i386-pc-pxe", BiosFile, ["pxe", "biosdisk"]),
        ("x86_64-efi", "x86_64-efi", EfiFile, ["efinet", "efi_gop", "efi_uga", "video", "video_fb"]),
    ];

    /// <summary>Makes both images, or takes them from the store.</summary>
    /// <param name="context">The store and tools.</param>
    /// <param name="serial">A serial line that the loader talks on beside the screen, before there is a menu.</param>
    /// <exception cref="Diagnostics.BuildFailedException">GRUB's modules are not installed, or its tools fail.</exception>
    public static async Task<GrubImages> MakeAsync(StageContext context, SerialLine? serial = null)
    {
        var output = await context.GetOrMakeAsync("grub-images", KeyOf(serial), work => MakeAllAsync(context, GrubBootstrap.Render(serial), work)).ConfigureAwait(false);
        return new GrubImages(Path.Combine(output.Directory, BiosFile), Path.Combine(output.Directory, EfiFile), output);
    }

    /// <summary>The key of both images: it changes with GRUB's modules, as an upgrade of this machine's GRUB brings them.</summary>
    /// <param name="serial">A serial line that the loader talks on.</param>
    /// <exception cref="Diagnostics.BuildFailedException">GRUB's modules are not installed.</exception>
    public static StageKey KeyOf(SerialLine? serial)
    {
        var key = StageKey.For("grub-images").AddSource("Boot/GrubImages.cs").Add("bootstrap", GrubBootstrap.Render(serial));
        foreach (var (platform, format, file, modules) in Platforms)
        {
            key.Add(format, [file, .. modules, .. CommonModules]);
            foreach (var module in modules.Concat(CommonModules).Append("kernel"))
            {
                AddModule(key, platform, module);
            }
        }

        return key.Build();
    }

    private static void AddModule(StageKeyBuilder key, string platform, string module)
    {
        var file = Path.Combine(Modules, platform, module == "kernel" ? "kernel.img" : $"{module}.mod");
        if (!File.Exists(file))
        {
            throw new Diagnostics.BuildFailedException(new Diagnostics.Diagnostic($"GRUB's module {file} is not there")
            {
                Hint = $"Install {(platform == "i386-pc" ? "grub-pc-bin" : "grub-efi-amd64-bin")}.",
            });
        }

        key.AddFile(module, file);
    }

    private static async Task MakeAllAsync(StageContext context, string bootstrap, string work)
    {
        context.Progress.Report("making GRUB's network images");
        var tree = Path.Combine(work, "memdisk");
        var archive = Path.Combine(work, "memdisk.tar");
        var config = Path.Combine(tree, "boot/grub/grub.cfg");
        Directory.CreateDirectory(Path.GetDirectoryName(config)!);
        await File.WriteAllTextAsync(config, bootstrap, context.Cancellation).ConfigureAwait(false);
        await context.RunAsync(new ToolCommand("grub-script-check", config)).ConfigureAwait(false);
        await context.RunAsync(new ToolCommand(
            "tar", "--create", "--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=u=rwX,go=rX",
            $"--file={archive}", $"--directory={tree}", "boot")).ConfigureAwait(false);
        foreach (var (platform, format, file, modules) in Platforms)
        {
            var image = Path.Combine(work, file);
            Directory.CreateDirectory(Path.GetDirectoryName(image)!);
            await context.RunAsync(new ToolCommand(
                "grub-mkimage", "--format", format, "--directory", Path.Combine(Modules, platform), "--prefix", "(memdisk)/boot/grub",
                "--memdisk", archive, "--output", image).With([.. CommonModules, .. modules])).ConfigureAwait(false);
        }

        Directory.Delete(tree, recursive: true);
        File.Delete(archive);
    }
}
