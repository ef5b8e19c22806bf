using Dom0Image.CommandLine;
using Dom0Image.Processes;
using Dom0Image.Stages;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// What a server guest is brought on a disk that it cannot write: this machine's .NET runtime (without the SDK, which would take
/// minutes to start under translation), the checkout with the pipeline as <c>build.sh</c> compiles it, a store, and what a test adds.
/// Not compressed: the guest's processor is slow, and the disk is quick.
/// </summary>
internal static class GuestLuggage
{
    /// <summary>Where the guest has the checkout.</summary>
    public const string Checkout = "/root/dom0image";

    private const string DiskName = "luggage";

    // As a person would have it, but for the SDK.
    private const string Unpack = $"""
        mkdir -p /mnt/luggage
        mount -o ro /dev/disk/by-id/virtio-{DiskName} /mnt/luggage
        ln -s /mnt/luggage/dotnet/dotnet /usr/bin/dotnet
        cp -a /mnt/luggage/checkout {Checkout}
        mkdir -p /var/cache
        test ! -d /mnt/luggage/store || cp -a /mnt/luggage/store /var/cache/dom0image
        """;

    private static readonly string Repository = RepositoryRoot.Find();

    /// <summary>Packs the disk.</summary>
    /// <param name="work">A directory for it.</param>
    /// <param name="store">A store whose finished stages, and what it knows of archives, are brought; null for none.</param>
    /// <param name="context">Tools.</param>
    /// <param name="more">Files and directories that stand beside these in <c>/mnt/luggage</c>, by the names that they get there.</param>
    public static async Task<GuestDisk> PackAsync(string work, Store? store, StageContext context, params (string Name, string Path)[] more)
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
        if (store is not null)
        {
            await CopyAsync(store.Root, Path.Combine(tree, "store"), context,
                "--exclude=/work", "--exclude=/logs", "--exclude=/ccache", "--exclude=/kernel-trees", "--exclude=/packages/files", "--exclude=*.deb", "--exclude=/stages/server-guest", "--exclude=/stages/boot-tested");
        }

        foreach (var (name, path) in more)
        {
            await context.RunAsync(new ToolCommand("cp", "-a", "--", path, Path.Combine(tree, name)));
        }

        var disk = Path.Combine(work, "luggage.squashfs");
        await context.RunAsync(new ToolCommand("mksquashfs", tree, disk, "-noI", "-noD", "-noF", "-noX", "-quiet", "-no-progress"));
        Directory.Delete(tree, recursive: true);
        return new GuestDisk(disk) { Name = DiskName, ReadOnly = true };
    }

    /// <summary>Puts it where it belongs on a server.</summary>
    public static Task UnpackAsync(GuestMachine guest) => guest.ScriptAsync(Unpack);

    private static Task CopyAsync(string from, string to, StageContext context, params string[] what)
        => context.RunAsync(new ToolCommand("rsync", "--archive").With(what).With($"{from}/", to));
}
