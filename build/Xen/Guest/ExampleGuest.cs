using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Xen.Guest;

/// <summary>
/// A small domU that comes with the image: a disk, a kernel and an <c>xl</c> configuration among the domU images, ready for
/// <c>xl create</c> on any client. The boot test starts this very guest. Its directory is named by its content and never
/// edited, so that guests which run from it go on when a newer one is published; <c>example</c> links to the newest.
/// </summary>
/// <param name="DirectoryName">Name of its directory among the domU images, such as <c>example-0123456789ab</c>.</param>
/// <param name="Output">The stage's output: the directory's content.</param>
internal sealed record ExampleGuest(string DirectoryName, StageOutput Output)
{
    /// <summary>Name of the domU, and of the link to its directory.</summary>
    public const string Name = "example";

    public const string ConfigurationFile = Name + ".cfg";

    private const string DiskFile = "disk.img";
    private const string KernelFile = "kernel";

    private static readonly string[] GuestOptions = ["CONFIG_XEN_PV=y", "CONFIG_XEN_BLKDEV_FRONTEND=y", "CONFIG_HVC_XEN=y", "CONFIG_EXT4_FS=y"];

    /// <summary>Its directory as clients see it.</summary>
    public string OnClient => $"{Places.DomUImages}/{DirectoryName}";

    /// <summary>The generation's kernel that can run as a guest; null when none can.</summary>
    /// <param name="generation">A finished generation, or one whose kernels are in place.</param>
    public static string? KernelOf(GenerationTree generation)
        => Directory.EnumerateFiles(generation.Kernels).Order(StringComparer.Ordinal).FirstOrDefault(kernel => RunsAsGuest(generation.ConfigOf(Path.GetFileName(kernel))));

    /// <summary>Makes the guest, or takes it from the store.</summary>
    /// <param name="kernel">Path of the kernel that it boots.</param>
    /// <param name="context">Store and tools.</param>
    /// <exception cref="Diagnostics.BuildFailedException">busybox or mke2fs is missing, or the disk is full.</exception>
    public static async Task<ExampleGuest> MakeAsync(string kernel, StageContext context)
    {
        var key = KeyOf(kernel);
        var directory = $"{Name}-{key.Short}";
        var output = await context.GetOrMakeAsync("guest", key, async work =>
        {
            context.Progress.Report("making the example guest");
            await GuestDisk.MakeAsync(Path.Combine(work, DiskFile), work, context).ConfigureAwait(false);
            File.Copy(kernel, Path.Combine(work, KernelFile));
            await File.WriteAllTextAsync(Path.Combine(work, ConfigurationFile), Configuration($"{Places.DomUImages}/{directory}"), context.Cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return new ExampleGuest(directory, output);
    }

    /// <summary>The key of a guest.</summary>
    /// <param name="kernel">Path of the kernel that it boots.</param>
    /// <exception cref="Diagnostics.BuildFailedException">busybox is missing.</exception>
    public static StageKey KeyOf(string kernel)
    {
        GuestDisk.Require();
        return StageKey.For("guest").AddSource("Xen/Guest/").Add("init", GuestDisk.Init)
            .AddFile("kernel", kernel)
            .AddFile("busybox", GuestDisk.Busybox)
            .Build();
    }

    /// <summary>Puts the guest among the domU images, durably; touches nothing when it is there.</summary>
    /// <param name="images">The images' directory on this machine's disk; must exist.</param>
    /// <returns>Whether anything changed.</returns>
    /// <exception cref="IOException">The disk is full, or something else stands there.</exception>
    public bool PlaceIn(string images)
    {
        var place = Path.Combine(images, DirectoryName);
        var link = Path.Combine(images, Name);
        var changed = false;
        if (!Directory.Exists(place))
        {
            var made = Path.Combine(images, GenerationTree.StagingPrefix + DirectoryName);
            SafeDelete.Tree(made);
            Directory.CreateDirectory(made);
            File.SetUnixFileMode(made, PublicModes.Directory);
            foreach (var file in Directory.EnumerateFiles(Output.Directory))
            {
                var copy = Path.Combine(made, Path.GetFileName(file));
                File.Copy(file, copy);
                File.SetUnixFileMode(copy, PublicModes.File);
            }

            Durable.SyncTree(made);
            Durable.RenameAndSync(made, place);
            changed = true;
        }

        // A directory or file of that name, or a link to anything but an example, is the administrator's own.
        var target = new FileInfo(link).LinkTarget;
        if (target is null ? !Path.Exists(link) : target != DirectoryName && IsDirectoryName(target))
        {
            Durable.SwapLink(link, DirectoryName);
            changed = true;
        }

        return changed;
    }

    // The script finds a loop device for a disk that is a file; the network card goes on the image's own bridge.
    private static string Configuration(string directory) => $"""
        # A small guest to try xl with: xl create -c {Places.DomUImages}/{Name}/{ConfigurationFile}
        name = "{Name}"
        type = "pv"
        memory = 96
        vcpus = 1
        kernel = "{directory}/{KernelFile}"
        extra = "root=/dev/xvda ro console=hvc0 init=/init panic=5"
        disk = [ "vdev=xvda,access=r,script=block,target={directory}/{DiskFile}" ]
        vif = [ "" ]
        on_poweroff = "destroy"
        on_reboot = "destroy"
        on_crash = "destroy"

        """;

    private static bool IsDirectoryName(string name)
        => name.Length == Name.Length + 1 + StageKey.ShortLength
            && name.StartsWith($"{Name}-", StringComparison.Ordinal)
            && name[(Name.Length + 1)..].All(char.IsAsciiHexDigitLower);

    private static bool RunsAsGuest(string config)
    {
        var options = File.ReadLines(config).ToHashSet(StringComparer.Ordinal);
        return GuestOptions.All(options.Contains);
    }
}
