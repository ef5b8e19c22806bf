namespace Dom0Image.Generations;

/// <summary>
/// Where things are published. A prefix works like <c>DESTDIR</c>: everything is written below it, while what is written
/// (menus, exports, links) names the places without it, as the clients will see them.
/// </summary>
/// <param name="Prefix">Absolute directory, or empty for the real places.</param>
internal sealed record Places(string Prefix)
{
    /// <summary>Image area as the boot server and the clients name it.</summary>
    public const string Images = "/opt/ondemand";

    /// <summary>TFTP area as the boot server names it; its content is <c>/</c> to TFTP clients.</summary>
    public const string Tftp = "/tftpboot";

    /// <summary>A link to the current generation's root.</summary>
    public const string CurrentRoot = Images + "/root";

    /// <summary>Images of domUs, exported read-write.</summary>
    public const string DomUImages = Images + "/imgs";

    /// <summary>Generations: <c>ID/root</c>, <c>ID/manifest.json</c>, <c>ID/packages.txt</c>, ...</summary>
    public const string Generations = Images + "/generations";

    /// <summary>The TFTP part of generations: <c>ID/kernels</c>, <c>ID/hypervisors</c>.</summary>
    public const string TftpGenerations = Tftp + "/generations";

    /// <summary>Sets of menus, by key; never edited.</summary>
    public const string Menus = Tftp + "/menus";

    /// <summary>A link to the current set of menus: the one switch that moves clients to another generation.</summary>
    public const string CurrentMenus = Tftp + "/grub";

    /// <summary>A link to the current generation's kernels.</summary>
    public const string CurrentKernels = Tftp + "/kernels";

    /// <summary>A link to the current generation's hypervisors.</summary>
    public const string CurrentHypervisors = Tftp + "/hypervisors";

    /// <summary>What people made: it is backed up, and never deleted by a build. For root alone.</summary>
    public const string State = "/var/lib/dom0image";

    /// <summary>Held by an flock(2) while a build publishes here, whatever its store is.</summary>
    public string LockFile => OnDisk(Images + "/.dom0image.lock");

    /// <summary>A place on this machine's disk: below the prefix.</summary>
    public string OnDisk(string place) => Prefix + place;

    /// <summary>The root of a generation as it is exported and named in <c>nfsroot=</c>.</summary>
    public static string RootOf(string generation) => $"{Generations}/{generation}/root";

    /// <summary>A generation's kernels and hypervisor as TFTP clients name them.</summary>
    public static string TftpOf(string generation) => $"/generations/{generation}";

    /// <summary>A generation's kernels and hypervisor as the boot server names them.</summary>
    public static string TftpOnServer(string generation) => $"{TftpGenerations}/{generation}";
}
