using Dom0Image.CommandLine;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// What a server guest is brought on a disk that it cannot write: this machine's .NET runtime (without the SDK, which would take
/// minutes to start under translation), and the checkout with the pipeline as <c>build.sh</c> compiles it. Not compressed: the guest's
/// processor is slow, and the disk is quick. A store comes on a disk of its own, which it can write.
/// </summary>
internal static class GuestLuggage
{
    /// <summary>Where the guest has the checkout.</summary>
    public const string Checkout = "/root/dom0image";

    private const string DiskName = "luggage";
    private const string StoreName = "store";

    // A file with holes, with room for what a build adds.
    private const string StoreSize = "4G";

    // As a person would have it, but for the SDK.
    private const string Unpack = $"""
        mkdir -p /mnt/luggage
        echo '/dev/disk/by-id/virtio-{DiskName} /mnt/luggage squashfs ro 0 0' >>/etc/fstab
        mount /mnt/luggage
        ln -s /mnt/luggage/dotnet/dotnet /usr/bin/dotnet
        cp -a /mnt/luggage/checkout {Checkout}
        if test -e /dev/disk/by-id/virtio-{StoreName}; then
            mkdir -p /var/cache/dom0image
            echo '/dev/disk/by-id/virtio-{StoreName} /var/cache/dom0image ext4 defaults 0 0' >>/etc/fstab
            mount /var/cache/dom0image
        fi
        """;

    private static readonly string Repository = RepositoryRoot.Find();

    /// <summary>Packs the disk.</summary>
    /// <param name="work">A directory for it.</param>
    /// <param name="context">Tools.</param>
    public static async Task<GuestDisk> PackAsync(string work, StageContext context)
    {
        var tree = Path.Combine(work, "luggage");
        Directory.CreateDirectory(tree);
        await context.RunAsync(new ToolCommand(Path.Combine(Repository, "build.sh"), "--version"));
        await CopyAsync(Repository, Path.Combine(tree, "checkout"), context,
            "--exclude=/.git", "--exclude=/tests", "--exclude=/bench", "--exclude=TestResults", "--exclude=obj", "--include=/build/bin/app", "--exclude=/build/bin/*");
        var runtime = new DirectoryInfo(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());
        var dotnet = runtime.Parent!.Parent!.Parent!.FullName;
        await CopyAsync(dotnet, Path.Combine(tree, "dotnet"), context,
            "--include=/dotnet", "--include=/host/***", "--include=/shared/", "--include=/shared/Microsoft.NETCore.App/", $"--include=/shared/Microsoft.NETCore.App/{runtime.Name}/***", "--exclude=*");
        var disk = Path.Combine(work, "luggage.squashfs");
        await context.RunAsync(new ToolCommand("mksquashfs", tree, disk, "-all-root", "-noI", "-noD", "-noF", "-noX", "-quiet", "-no-progress"));
        Directory.Delete(tree, recursive: true);
        return new GuestDisk(disk) { Name = DiskName, ReadOnly = true };
    }

    /// <summary>Packs a store: its finished stages, and what it knows of archives.</summary>
    /// <param name="work">A directory for the disk.</param>
    /// <param name="store">The store.</param>
    /// <param name="context">Tools.</param>
    public static async Task<GuestDisk> PackStoreAsync(string work, BuildStore store, StageContext context)
    {
        var tree = Path.Combine(work, "store");
        await CopyAsync(store.Root, tree, context,
            "--exclude=/work", "--exclude=/logs", "--exclude=/ccache", "--exclude=/kernel-trees", "--exclude=/packages/files", "--exclude=*.deb", "--exclude=/stages/server-guest", "--exclude=/stages/boot-tested", "--exclude=/guest-stores");
        var disk = Path.Combine(work, "store.raw");
        await context.RunAsync(new ToolCommand("mke2fs", "-q", "-t", "ext4", "-E", "root_owner=0:0", "-d", tree, disk, StoreSize));
        SafeDelete.Tree(tree);
        return new GuestDisk(disk) { Name = StoreName };
    }

    /// <summary>Puts it where it belongs on a server.</summary>
    public static Task UnpackAsync(GuestMachine guest) => guest.ScriptAsync(Unpack);

    private static Task<ToolResult> CopyAsync(string from, string to, StageContext context, params string[] what)
        => context.RunAsync(new ToolCommand("rsync", "--archive").With(what).With($"{from}/", to));
}
