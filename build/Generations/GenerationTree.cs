
namespace Dom0Image.Generations;

/// <summary>Where the parts of a generation stand on this machine's disk, while it is staged or when it is finished.</summary>
/// <param name="Id">Its id, such as <c>trixie-0123456789ab</c>.</param>
/// <param name="ImageDirectory">Holds <c>root/</c>, the manifest, the package list, the kernels' configurations.</param>
/// <param name="TftpDirectory">Holds <c>kernels/</c> and <c>hypervisors/</c>, and microcode.</param>
internal sealed record GenerationTree(string Id, string ImageDirectory, string TftpDirectory)
{
    /// <summary>The image's <c>/</c>.</summary>
    public string Root => Path.Combine(ImageDirectory, "root");

    /// <summary>The manifest of <see cref="Root"/>.</summary>
    public string ManifestFile => Path.Combine(ImageDirectory, "manifest.json");

    /// <summary>The manifest of <see cref="TftpDirectory"/>; generations that were built before there was one have none.</summary>
    public string TftpManifestFile => Path.Combine(ImageDirectory, "tftp.json");

    /// <summary>Names and versions of the image's packages.</summary>
    public string PackageListFile => Path.Combine(ImageDirectory, "packages.txt");

    /// <summary>What the generation is; see <see cref="GenerationInfo"/>.</summary>
    public string InfoFile => Path.Combine(ImageDirectory, "generation.json");

    /// <summary>Configurations and symbol tables of the kernels.</summary>
    public string KernelFacts => Path.Combine(ImageDirectory, "kernels");

    /// <summary>Kernels that TFTP serves.</summary>
    public string Kernels => Path.Combine(TftpDirectory, "kernels");

    /// <summary>Hypervisors that TFTP serves.</summary>
    public string Hypervisors => Path.Combine(TftpDirectory, "hypervisors");

    /// <summary>Microcode that menus hand to the kernel or the hypervisor; not there in generations without.</summary>
    public string Microcode => Path.Combine(TftpDirectory, MicrocodeName);

    /// <summary>Configuration of a kernel in <see cref="Kernels"/>.</summary>
    public string ConfigOf(string kernelFileName) => Path.Combine(KernelFacts, kernelFileName + ".config");

    /// <summary>Where a finished generation stands.</summary>
    public static GenerationTree Finished(Places places, string id)
        => new(id, Path.Combine(places.OnDisk(Places.Generations), id), Path.Combine(places.OnDisk(Places.TftpGenerations), id));

    /// <summary>Where a generation is put together; on the same file systems as the finished one.</summary>
    /// <param name="places">Where it is to stand.</param>
    /// <param name="id">Its id.</param>
    /// <param name="number">Another one is another place, for when the first one is taken.</param>
    public static GenerationTree Staged(Places places, string id, int number = 0)
    {
        var name = StagingPrefix + id + (number > 0 ? $".{number}" : "");
        return new(id, Path.Combine(places.OnDisk(Places.Generations), name), Path.Combine(places.OnDisk(Places.TftpGenerations), name));
    }

    /// <summary>Where a generation's image part stands from the moment on that it is being deleted; its name says whose TFTP part goes with it.</summary>
    public static string Doomed(Places places, string id) => Path.Combine(places.OnDisk(Places.Generations), DoomedPrefix + id);

    internal const string MicrocodeName = "microcode.cpio";

    // Xen gives the first module behind the kernel to dom0 as its initial RAM disk. A kernel that finds microcode there warns
    // in dom0 of a processor family that it does not know (Linux 6.12, AMD; __verify_patch_size in its microcode/amd.c), and
    // would keep megabytes for nothing: this one holds no file, and goes before the microcode.
    internal const string NoInitrdName = "no-initrd.cpio";

    internal const string StagingPrefix = ".staging-";

    internal const string DoomedPrefix = ".pruned-";
}
