using System.Collections.Immutable;
using Dom0Image.Menus;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Loaders;

/// <summary>
/// GRUB's network loaders, one file each: modules and configuration are inside, so that none can be half published, and
/// only the menu is asked for over TFTP. The images know no site: the same ones serve all.
/// </summary>
/// <param name="Output">The stage's output that holds them.</param>
internal sealed record GrubImages(StageOutput Output)
{
    private const string Modules = "/usr/lib/grub";

    /// <summary>What all of them have.</summary>
    public static ImmutableArray<string> CommonModules { get; } =
    [
        "boot", "chain", "configfile", "echo", "eval", "gcry_sha512", "gzio", "halt", "linux", "ls", "memdisk", "minicmd",
        "multiboot2", "net", "normal", "password_pbkdf2", "reboot", "regexp", "serial", "sleep", "tar", "terminal", "test", "tftp", "true",
    ];

    /// <summary>Makes the images, or takes them from the store.</summary>
    /// <param name="context">The store and tools.</param>
    /// <param name="serial">A serial line that the loader talks on beside the screen, before there is a menu.</param>
    /// <exception cref="Diagnostics.BuildFailedException">GRUB's modules are not installed, or its tools fail.</exception>
    public static async Task<GrubImages> MakeAsync(StageContext context, SerialLine? serial = null)
        => new(await context.GetOrMakeAsync("grub-images", KeyOf(serial), work => MakeAllAsync(context, GrubBootstrap.Render(serial), work)).ConfigureAwait(false));

    /// <summary>A loader's image on disk.</summary>
    public byte[] Read(GrubLoader loader) => File.ReadAllBytes(Path.Combine(Output.Directory, loader.File));

    /// <summary>The key of the images: it changes with GRUB's modules, as an upgrade of this machine's GRUB brings them.</summary>
    /// <param name="serial">A serial line that the loader talks on.</param>
    /// <exception cref="Diagnostics.BuildFailedException">GRUB's modules are not installed.</exception>
    public static StageKey KeyOf(SerialLine? serial)
    {
        var key = StageKey.For("grub-images").AddSource("Boot/Loaders/").Add("bootstrap", GrubBootstrap.Render(serial));
        foreach (var loader in NetworkLoaders.All)
        {
            key.Add(loader.Format, [loader.File, .. loader.Modules, .. CommonModules]);
            foreach (var module in loader.Modules.Concat(CommonModules).Append("kernel"))
            {
                AddModule(key, loader, module);
            }
        }

        return key.Build();
    }

    private static void AddModule(StageKeyBuilder key, GrubLoader loader, string module)
    {
        var file = Path.Combine(Modules, loader.Platform, module == "kernel" ? "kernel.img" : $"{module}.mod");
        if (!File.Exists(file))
        {
            throw new Diagnostics.BuildFailedException(new Diagnostics.Diagnostic($"GRUB's module {file} is not there")
            {
                Hint = $"Install {loader.Package}.",
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
        await context.RunAsync(Grub2.Check(config)).ConfigureAwait(false);
        await context.RunAsync(new ToolCommand(
            "tar", "--create", "--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=u=rwX,go=rX",
            $"--file={archive}", $"--directory={tree}", "boot")).ConfigureAwait(false);
        foreach (var loader in NetworkLoaders.All)
        {
            var image = Path.Combine(work, loader.File);
            Directory.CreateDirectory(Path.GetDirectoryName(image)!);
            await context.RunAsync(new ToolCommand(
                "grub-mkimage", "--format", loader.Format, "--directory", Path.Combine(Modules, loader.Platform), "--prefix", "(memdisk)/boot/grub",
                "--memdisk", archive, "--output", image).With([.. CommonModules, .. loader.Modules])).ConfigureAwait(false);
        }

        Directory.Delete(tree, recursive: true);
        File.Delete(archive);
    }
}
