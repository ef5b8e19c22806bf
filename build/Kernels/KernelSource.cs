using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Kernels;

/// <summary>A kernel's unpacked source, kept in the store for as long as the package stays the same.</summary>
/// <param name="Directory">The tree; not to be written to.</param>
/// <param name="Date">When the package's tarball was made, UTC; stands in for the time of the build.</param>
internal sealed record KernelSource(string Directory, DateTime Date)
{
    private const string Stamp = ".dom0image-whole";

    /// <summary>The tree of the package: the one in the store when it is whole, else unpacked now.</summary>
    /// <exception cref="BuildFailedException">The package holds no kernel source.</exception>
    public static async Task<KernelSource> PrepareAsync(PackageEntry package, Func<Task<DebFile>> download, StageContext context)
    {
        var home = HomeOf(package, context.Store);
        var stamp = Path.Combine(home, Stamp);
        if (!File.Exists(stamp))
        {
            SafeDelete.Tree(home);
            await UnpackAsync(await download().ConfigureAwait(false), home, context).ConfigureAwait(false);
        }

        var tree = System.IO.Directory.GetDirectories(home).Single();
        return new KernelSource(tree, File.GetLastWriteTimeUtc(stamp));
    }

    /// <summary>Where the package's tree is kept.</summary>
    internal static string HomeOf(PackageEntry package, BuildStore store) => Path.Combine(store.KernelTrees, $"source-{package.Name}-{package.Sha256[..12]}");

    /// <summary>Deletes the trees of other versions of <paramref name="package"/>, which nothing will build again.</summary>
    public static void DeleteOthers(PackageEntry package, StageContext context)
    {
        foreach (var tree in System.IO.Directory.GetDirectories(context.Store.KernelTrees, $"*-{package.Name}-*"))
        {
            // "source-linux-source-6.1-*" must not take "source-linux-source-6.1-rt-*" with it.
            var name = Path.GetFileName(tree);
            var digest = name[(name.LastIndexOf('-') + 1)..];
            if (digest != package.Sha256[..12] && name.EndsWith($"-{package.Name}-{digest}", StringComparison.Ordinal))
            {
                SafeDelete.Tree(tree);
                StoreUse.Forget(tree);
            }
        }
    }

    private static async Task UnpackAsync(DebFile deb, string home, StageContext context)
    {
        var work = Path.Combine(context.Store.Work, $"{Path.GetFileName(home)}-{Guid.NewGuid():N}");
        var tree = Path.Combine(work, "tree");
        System.IO.Directory.CreateDirectory(tree);
        try
        {
            var tarball = await ReadTarballAsync(deb, work, context).ConfigureAwait(false);
            // GNU tar keeps up with xz on all cores; a reader in this process would not.
            context.Progress.Report($"unpacking {deb.Entry.Name} {deb.Entry.Version}");
            await context.RunAsync(new ToolCommand(
                "tar", "--extract", "--use-compress-program=xz --threads=0", $"--file={tarball}", $"--directory={tree}", "--no-same-owner")
            { Isolation = Isolation.Processes }).ConfigureAwait(false);

            var stamp = Path.Combine(tree, Stamp);
            var date = System.IO.Directory.GetLastWriteTimeUtc(System.IO.Directory.GetDirectories(tree).Single());
            await File.WriteAllTextAsync(stamp, $"{deb.Entry.Version} {deb.Entry.Sha256}\n", context.Cancellation).ConfigureAwait(false);
            File.SetLastWriteTimeUtc(stamp, date);
            Durable.SyncFileSystem(tree);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(home)!);
            System.IO.Directory.Move(tree, home);
        }
        finally
        {
            SafeDelete.Tree(work);
        }
    }

    private static async Task<string> ReadTarballAsync(DebFile deb, string work, StageContext context)
    {
        context.Progress.Report($"reading {deb.Entry.Name} {deb.Entry.Version}");
        var tarball = Path.Combine(work, "source.tar.xz");
        var name = $"usr/src/{deb.Entry.Name}.tar.xz";
        return (await DebReader.ExtractAsync(deb.Path, path => path == name ? tarball : null, context).ConfigureAwait(false)).Count == 1
            ? tarball
            : throw new BuildFailedException(new Diagnostic($"package '{deb.Entry.Name}' holds no '{name}'")
            {
                Expected = "a package of a kernel's source, such as linux-source-6.12",
            });
    }
}
