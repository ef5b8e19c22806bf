using System.Collections.Immutable;
using Dom0Image.BaseLayer;
using Dom0Image.Boot.Loaders;
using Dom0Image.Boot.Servers;
using Dom0Image.Recipes;

namespace Dom0Image.HostTools;

/// <summary>Which packages make up a set of tools; tasks say which sets they need. A new tool is a new row here.</summary>
internal static class HostToolTable
{
    /// <summary>Runs the clients of a boot test; a target that needs it boots some.</summary>
    public static HostTool Emulator { get; } = new("qemu-system-x86", "boot test");

    private static readonly ImmutableArray<HostTool> Common =
    [
        new("util-linux", "namespaces (unshare, setpriv)"),
        new("mount", "mounts in namespaces"),
        new("e2fsprogs", "disk images (mke2fs)"),
        new("zstd", "compressed archives"),
        new("xz-utils", "compressed archives"),
        new("tar", "archives with owners and xattrs"),
    ];

    private static readonly ImmutableArray<HostTool> RootFs =
    [
        .. Bootstrappers.All.Select(program => new HostTool(program.Package, program.Purpose)),
        new("gpgv", "archive signatures"),
        new("debian-archive-keyring", "archive signatures"),
        new("dash", "check of the init script"),
        new("shellcheck", "check of the init script"),
    ];

    private static readonly ImmutableArray<HostTool> Kernels =
    [
        new("gcc", "kernel compile"),
        new("libc6-dev", "kernel compile"),
        new("make", "kernel compile"),
        new("bc", "kernel compile"),
        new("bison", "kernel compile"),
        new("flex", "kernel compile"),
        new("cpio", "kernel compile"),
        new("kmod", "kernel modules"),
        new("perl", "kernel compile"),
        new("python3", "kernel compile"),
        new("rsync", "kernel compile"),
        new("libelf-dev", "kernel compile"),
        new("libssl-dev", "kernel compile"),
        new("ccache", "quick recompiles"),
        new("dpkg-dev", "kernel source package"),
    ];

    private static readonly ImmutableArray<HostTool> Guest =
    [
        new("busybox-static", "example domU"),
    ];

    private static readonly ImmutableArray<HostTool> BootFiles =
    [
        new("grub-common", "GRUB images and menu check"),
        .. NetworkLoaders.All.Select(loader => new HostTool(loader.Package, loader.Purpose)),
        new("diffutils", "differences of server files"),
        new("iproute2", "interfaces of the DHCP server"),
    ];

    private static readonly ImmutableArray<HostTool> Storage =
    [
        new("xfsprogs", "exported file systems (mkfs.xfs, xfs_growfs)"),
        new("rsync", "move of what is exported"),
    ];

    private static readonly ImmutableArray<HostTool> Serving =
    [
        new("rpcbind", "NFS server"),
        new("curl", "asking the TFTP server"),
        new("libnfs-utils", "asking the NFS server"),
    ];

    private static readonly ImmutableArray<HostTool> BootLab =
    [
        Emulator,
        new("ipxe-qemu", "boot test: PXE of the NICs"),
        new("seabios", "boot test: BIOS"),
        new("ovmf", "boot test: UEFI"),
        new("iproute2", "boot test: network namespace"),
        new("rpcbind", "boot test: NFS"),
        new("radvd", "boot test: quick PXE"),
        new("nftables", "boot test: counting of bytes"),
        new("openssh-client", "boot test: log-in"),
    ];

    private static readonly ImmutableArray<HostTool> Tests =
    [
        new("strace", "tests"),
        new("nfs-kernel-server", "tests: check of exports (exportfs)"),
        new("debconf", "tests: files that packages' scripts make"),
        new("gnupg", "tests: keys and signatures of archives"),
        new("qemu-utils", "tests: disks of server guests (qemu-img)"),
        new("squashfs-tools", "tests"),
        new("btrfs-progs", "tests: subvolumes"),
        new("attr", "tests: extended attributes"),
        new("systemd", "tests: units (systemd-analyze) and cleaning by age (systemd-tmpfiles)"),
        new("udev", "tests: check of rules (udevadm)"),
        new("procps", "tests"),
        new("git", "tests: checkouts under another umask"),
        new("iputils-ping", "tests: ping without rights"),
    ];

    private static readonly ImmutableArray<HostTool> Benchmarks =
    [
        new("debos", "benchmarks: to be held against"),
    ];

    private static readonly ImmutableDictionary<ToolSet, ImmutableArray<HostTool>> Sets = new Dictionary<ToolSet, ImmutableArray<HostTool>>
    {
        [ToolSet.RootFs] = RootFs,
        [ToolSet.Kernels] = Kernels,
        [ToolSet.Guest] = Guest,
        [ToolSet.BootFiles] = BootFiles,
        [ToolSet.Storage] = Storage,
        [ToolSet.Serving] = Serving,
        [ToolSet.BootLab] = BootLab,
        [ToolSet.Tests] = Tests,
        [ToolSet.Benchmarks] = Benchmarks,
    }.ToImmutableDictionary();

    /// <summary>What is needed, each package once.</summary>
    /// <param name="sets">Sets of tools.</param>
    /// <param name="site">The site that is served; null for any.</param>
    public static ImmutableArray<HostTool> For(IReadOnlyCollection<ToolSet> sets, Site? site = null)
        => [.. Common.Concat(sets.SelectMany(set => Sets[set].Concat(Servers(set, site)))).DistinctBy(tool => tool.Package)];

    private static IEnumerable<HostTool> Servers(ToolSet set, Site? site)
    {
        IEnumerable<IBootServer> servers = set switch
        {
            ToolSet.BootFiles => BootServers.InLabs(site),
            ToolSet.Serving when site is not null => BootServers.Of(site),
            _ => [],
        };
        return servers.SelectMany(server => server.Packages.Select(package => new HostTool(package, server.Purpose)));
    }
}
