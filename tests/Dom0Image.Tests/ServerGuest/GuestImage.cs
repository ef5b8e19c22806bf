using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.HostTools;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tasks;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// The disk of a Debian server as it is after <c>./build.sh</c> has installed what it needs: Debian's own kernel, systemd, sshd, and
/// the boot servers as their packages' scripts left them. Made once for each suite and list of packages.
/// </summary>
/// <param name="Directory">Where it stands; not to be written to.</param>
internal sealed record GuestImage(string Directory)
{
    // Raise it when the code here changes what comes out.
    private const int Version = 2;

    private const string Stage = "server-guest";

    // A file with holes, with room for the file systems that the example site asks for; Debian takes some 2 GB of it.
    private const string DiskSize = "20G";

    // Beside what the pipeline installs: what an installation of Debian has, and the way in.
    private static readonly ImmutableArray<string> ServerPackages = ["linux-image-amd64", "openssh-server", "ifupdown", "netbase", "iproute2", "procps", "udev", "dbus", "less", "xfsprogs", "rsync", "diffutils", "rpcbind", "curl", "libnfs-utils"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<GuestImage>>> Made = new();

    /// <summary>The disk, without partitions: an ext4 file system.</summary>
    public string Disk => Path.Combine(Directory, "disk.raw");

    /// <summary>Debian's kernel.</summary>
    public string Kernel => Path.Combine(Directory, "vmlinuz");

    /// <summary>Gets as far as the disk.</summary>
    public string RamDisk => Path.Combine(Directory, "initrd");

    /// <summary>The key that root lets in.</summary>
    public string Key => Path.Combine(Directory, "key");

    /// <summary>The guests' own key, as ssh's <c>known_hosts</c> has it.</summary>
    public string KnownHosts => Path.Combine(Directory, "known_hosts");

    /// <summary>Gives it: made, or from the store.</summary>
    /// <param name="suite">Such as <c>bookworm</c>.</param>
    public static Task<GuestImage> GetAsync(string suite)
        => Made.GetOrAdd(suite, _ => new Lazy<Task<GuestImage>>(() => MakeAsync(suite, GuestLab.Context))).Value;

    private static async Task<GuestImage> MakeAsync(string suite, StageContext context)
    {
        string[] packages = [.. ServerPackages.Concat(HostToolTable.For(TaskNeeds.Of(["Default", "Serve"], bootTest: false)).Select(t => t.Package)).Distinct().Order(StringComparer.Ordinal)];
        var recipe = BaseLayerHelp.Recipe(suite, packages: packages) with
        {
            Name = "server-guest",
            Init = InitSystem.Systemd,
            Without = [LeftOut.Docs, LeftOut.Locales, LeftOut.Man],
        };
        var layer = await LayAsync(recipe, context);
        var key = StageKey.For(Stage, Version).Add("base layer", layer.Output.Key.Value).AddFile("busybox", GuestRamDisk.Busybox).Build();
        var output = await context.GetOrMakeAsync(Stage, key, work => MakeAsync(layer, work, context));
        return new GuestImage(output.Directory);
    }

    // As every server's apt has done, and ./build.sh before it installs anything. By this machine's apt, which knows the way out.
    private static Task<ToolResult> ReadListsAsync(string root, StageContext context) => context.RunAsync(new ToolCommand(
        "apt-get", "update", "-qq", "-o", $"Dir::State::lists={root}/var/lib/apt/lists", "-o", $"Dir::Cache={root}/var/cache/apt",
        "-o", $"Dir::Etc::sourcelist={root}/etc/apt/sources.list", "-o", "Dir::Etc::sourceparts=/dev/null", "-o", $"Dir::Etc::trustedparts={root}/etc/apt/trusted.gpg.d",
        "-o", "Acquire::Languages=none", "-o", "APT::Sandbox::User=root"));

    // Debian's kernel makes a RAM disk with all drivers when it is installed, twice, by tens of thousands of processes. This word of
    // the environment tells /etc/kernel/postinst.d/initramfs-tools that there will be another one.
    private static async Task<BaseLayerArchive> LayAsync(Recipe recipe, StageContext context)
    {
        const string Variable = "INITRD";
        var before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "No");
        try
        {
            var sources = await MirrorResolver.ResolveAsync(recipe, null, null, context);
            return await BaseLayerStage.MakeAsync(recipe, sources, await ArchiveState.ReadAsync(sources, context), context);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    private static async Task MakeAsync(BaseLayerArchive layer, string work, StageContext context)
    {
        var image = new GuestImage(work);
        var root = Path.Combine(work, "root");
        await layer.UnpackAsync(root, context);
        await GuestSettings.WriteAsync(root, image, context);
        await ReadListsAsync(root, context);
        var kernel = System.IO.Directory.GetFiles(Path.Combine(root, "boot"), "vmlinuz-*").Single();
        File.Copy(kernel, image.Kernel);
        await GuestRamDisk.WriteAsync(root, Path.GetFileName(kernel)["vmlinuz-".Length..], image.RamDisk, context);
        await context.RunAsync(new ToolCommand(
            "mke2fs", "-q", "-t", "ext4", "-E", "root_owner=0:0", "-d", root, image.Disk, DiskSize));
        SafeDelete.Tree(root);
    }
}
