using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes;

/// <summary>What an image is. Read from <c>recipes/NAME.yaml</c>; everything in it was checked when it exists.</summary>
internal sealed record Recipe
{
    /// <summary>The file's name without <c>.yaml</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the file that it was read from.</summary>
    public required string File { get; init; }

    /// <summary>Debian suite, such as <c>trixie</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Debian architecture; <c>amd64</c> (etch: also <c>i386</c>).</summary>
    public required string Architecture { get; init; }

    /// <summary>
    /// Archive suites that packages come from, <see cref="Suite"/> first, such as <c>trixie</c>, <c>trixie-updates</c>,
    /// <c>trixie-security</c>; empty for all that the suite has.
    /// </summary>
    public ImmutableArray<string> Archives { get; init; } = [];

    /// <summary>
    /// Mirrors to use in place of the build machine's own, each archive suite at one of them; empty for the mirrors that
    /// the build machine's apt uses.
    /// </summary>
    public ImmutableArray<Mirror> Mirrors { get; init; } = [];

    /// <summary>Archive components, such as <c>main</c>; with that of <see cref="Microcode"/>, where there is any.</summary>
    public required ImmutableArray<string> Components { get; init; }

    /// <summary>
    /// Keyring that the archive's signature is verified against; an absolute path on the build machine (the recipe may write
    /// it relative to its own file). That it exists is for the stage to check.
    /// </summary>
    public required string Keyring { get; init; }

    /// <summary>What lays the base layer.</summary>
    public Bootstrapper Bootstrap { get; init; } = Bootstrapper.Mmdebstrap;

    /// <summary>Init system of the image.</summary>
    public InitSystem Init { get; init; } = InitSystem.Sysvinit;

    /// <summary>Packages beside those of the bootstrapper's variant, the init and the Xen tools.</summary>
    public ImmutableArray<string> Packages { get; init; } = [];

    /// <summary>What is left out of the image.</summary>
    public ImmutableArray<LeftOut> Without { get; init; } = [];

    /// <summary>Names of trees below <c>overlays/</c>, laid over the root in this order.</summary>
    public ImmutableArray<string> Overlays { get; init; } = [];

    /// <summary>The writable part of the image.</summary>
    public required FlashList Flash { get; init; }

    /// <summary>Image paths of the files that may be set-uid or set-gid; any other is a finding.</summary>
    public ImmutableArray<string> SetUid { get; init; } = [];

    /// <summary>Kernels that go with the image; at least one.</summary>
    public required ImmutableArray<KernelFlavour> Kernels { get; init; }

    /// <summary>The hypervisor, or null for an image that boots plain kernels only.</summary>
    public Hypervisor? Hypervisor { get; init; }

    /// <summary>Vendors of processors that get microcode when they boot; empty for none.</summary>
    public ImmutableArray<CpuVendor> Microcode { get; init; } = [];

    /// <summary>Services that may fail on the clients. Shapes no image: only the boot test asks.</summary>
    public ImmutableArray<MayFail> MayFail { get; init; } = [];

    /// <summary>Where it names the packages, by their names; those of init are not written there.</summary>
    public ImmutableDictionary<string, SourceLocation> PackagePlaces { get; init; } = ImmutableDictionary<string, SourceLocation>.Empty;
}

/// <summary>A service that may fail on the clients.</summary>
/// <param name="Service">Its init script's or unit's name, without <c>.service</c>.</param>
/// <param name="Reason">Why that is no fault, for the report.</param>
/// <param name="Where">Where the recipe says so.</param>
internal sealed record MayFail(string Service, string Reason, SourceLocation? Where = null);

/// <summary>An archive to install from.</summary>
/// <param name="Uri">http, https, file or copy URI.</param>
/// <param name="Suite">Archive suite at that mirror, such as <c>trixie-security</c>.</param>
internal sealed record Mirror(Uri Uri, string Suite);

/// <summary>Programs that can lay the base layer.</summary>
internal enum Bootstrapper
{
    /// <summary>mmdebstrap: several times faster; for every suite that apt of the build machine can install.</summary>
    Mmdebstrap,

    /// <summary>debootstrap: for old suites.</summary>
    Debootstrap,
}

/// <summary>Init systems an image can have.</summary>
internal enum InitSystem
{
    /// <summary>System V init, as in the Howto.</summary>
    Sysvinit,

    Systemd,
}

/// <summary>Parts of packages that an image can do without.</summary>
internal enum LeftOut
{
    /// <summary>/usr/share/doc (but not copyright files).</summary>
    Docs,

    /// <summary>Translations: /usr/share/locale.</summary>
    Locales,

    /// <summary>Manual and info pages.</summary>
    Man,
}

/// <summary>
/// The writable paths of the image: one list, from which relocation, init script, checks and boot test come.
/// <para>
/// An entry below another one is <i>nested</i>. Only entries that are not nested are moved below <c>/flash</c> and replaced
/// by a link; a nested one then lives inside what was moved (<c>/var/lib/xen/save</c> below <c>/var/lib/xen</c> is
/// <c>/flash/var/lib/xen/save</c>) and is created there, after its parent, with its own mode, owner and start. Missing
/// directories between the two are 0755 root:root. A nested entry adds to its parent and never takes away:
/// below a directory that starts empty anything may stand; below one that starts as a tree only directories that are trees,
/// files and links; below one that starts with its content only what starts with its content. Nothing stands below a file
/// or a link.
/// </para>
/// </summary>
/// <param name="SizeLimit">Upper limit of the tmpfs, in bytes.</param>
/// <param name="Entries">Entries, parents before their children, otherwise in the order of the recipe.</param>
internal sealed record FlashList(long SizeLimit, ImmutableArray<FlashEntry> Entries)
{
    /// <summary>Where the recipe says the limit.</summary>
    public SourceLocation? SizeWhere { get; init; }

    /// <summary>The nearest entry that <paramref name="entry"/> is nested below; null when it is moved on its own.</summary>
    public FlashEntry? ParentOf(FlashEntry entry)
        => Entries.Where(e => entry.Path.StartsWith(e.Path + "/", StringComparison.Ordinal)).MaxBy(e => e.Path.Length);

    /// <summary>The entries that are moved and replaced by a link: those that are not nested.</summary>
    public IEnumerable<FlashEntry> Moved => Entries.Where(e => ParentOf(e) is null);
}

/// <summary>One writable path.</summary>
/// <param name="Path">Absolute, normalised path in the image, such as <c>/var/log</c>.</param>
/// <param name="Kind">What stands there.</param>
/// <param name="Mode">Permission bits with set-id and sticky bits of the path itself; 0 for symlinks.</param>
/// <param name="Owner">User name in the image, or a number.</param>
/// <param name="Group">Group name in the image, or a number.</param>
/// <param name="Start">What it holds when a client has booted; always empty for symlinks.</param>
internal sealed record FlashEntry(string Path, FlashKind Kind, int Mode, string Owner, string Group, FlashStart Start)
{
    /// <summary>Target of a symlink, an absolute path; null for other kinds.</summary>
    public string? Target { get; init; }

    /// <summary>Where the recipe says so.</summary>
    public SourceLocation? Where { get; init; }
}

/// <summary>Kinds of writable path.</summary>
internal enum FlashKind
{
    Directory,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link that clients may replace.</summary>
    Symlink,
}

/// <summary>What a writable path holds when a client has booted.</summary>
internal enum FlashStart
{
    /// <summary>Nothing: an empty directory or file.</summary>
    Empty,

    /// <summary>The image's directories below it, with their modes and owners, and no files.</summary>
    Tree,

    /// <summary>All that the image has there.</summary>
    Content,
}

/// <summary>One kernel of an image.</summary>
/// <param name="Name">Such as <c>xen-pIV-rltk</c>; the kernel's file is then <c>kernel-6.12-xen-pIV-rltk</c>.</param>
/// <param name="Source">Source package, such as <c>linux-source-6.12</c>.</param>
/// <param name="Fragments">Names below <c>kernel-configs/</c> without <c>.config</c>, merged in this order.</param>
internal sealed record KernelFlavour(string Name, string Source, ImmutableArray<string> Fragments)
{
    /// <summary>Where the recipe says so.</summary>
    public SourceLocation? Where { get; init; }
}

/// <summary>The hypervisor and its tools.</summary>
/// <param name="Package">Package that holds the hypervisor, such as <c>xen-hypervisor-4.20-amd64</c>; read without being installed.</param>
/// <param name="Tools">Packages installed in the image, such as <c>xen-utils-4.20</c>.</param>
internal sealed record Hypervisor(string Package, ImmutableArray<string> Tools);
