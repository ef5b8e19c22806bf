using Dom0Image.Archive;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// A store as a server of another suite than this machine's would have made it: stages follow the bootstrapper and the compiler, so
/// the pipeline runs in the server's own tree, as far as a published generation below a prefix. The processor is this machine's, so
/// that it takes minutes.
/// </summary>
internal static class GuestStore
{
    // The tree is the server's disk under a layer that is thrown away; $1 is the disk, $2 the luggage, $3 the store, $4 a directory.
    private const string Build = $"""
        mkdir "$4/disk" "$4/luggage" "$4/upper" "$4/work" "$4/tree"
        mount -o loop,ro "$1" "$4/disk"
        mount -o loop,ro "$2" "$4/luggage"
        mount -t overlay -o "lowerdir=$4/disk,upperdir=$4/upper,workdir=$4/work" overlay "$4/tree"
        cd "$4/tree"
        cp -L /etc/resolv.conf /etc/hosts etc/
        cp "$4/apt.conf" etc/apt/apt.conf.d/95this-machine
        for directory in dev proc sys; do mount --rbind "/$directory" "$directory"; done
        mkdir -p mnt/luggage var/cache/dom0image
        mount --bind "$4/luggage" mnt/luggage
        mount --bind "$3" var/cache/dom0image
        ln -s /mnt/luggage/dotnet/dotnet usr/bin/dotnet
        cp -a mnt/luggage/checkout .{GuestLuggage.Checkout}
        exec chroot . env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin {GuestLuggage.Checkout}/build.sh --store=/var/cache/dom0image --prefix=/srv/first --boot-test=no
        """;

    /// <summary>Makes it, or what it lacks.</summary>
    /// <param name="suite">The server's suite.</param>
    /// <param name="image">The server.</param>
    /// <param name="luggage">The checkout, compiled, and .NET's runtime.</param>
    /// <param name="context">Tools, and where stores of guests are kept.</param>
    public static async Task<BuildStore> MakeAsync(string suite, GuestImage image, GuestDisk luggage, StageContext context)
    {
        var store = new BuildStore(Path.Combine(context.Store.Root, "guest-stores", suite));
        Directory.CreateDirectory(store.Root);
        var work = Path.Combine(context.Store.Root, "guest-stores", $"{suite}.work");
        if (Directory.Exists(work))
        {
            // Of a run that was killed: its mounts went with it.
            SafeDelete.Tree(work);
        }

        Directory.CreateDirectory(work);
        try
        {
            // This machine's apt knows the way out.
            File.WriteAllLines(Path.Combine(work, "apt.conf"), (await AptConfig.OfHostAsync(context)).ForAnotherApt());
            await context.RunAsync(IsolatedScript.Command(Build, image.Disk, luggage.File, store.Root, work));
            return store;
        }
        finally
        {
            SafeDelete.Tree(work);
        }
    }

    /// <summary>Whether a server of a suite makes its stages as this machine does.</summary>
    public static bool IsThisMachines(string suite)
        => File.ReadLines("/etc/os-release").Contains($"VERSION_CODENAME={suite}");
}
