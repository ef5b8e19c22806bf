using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Kernels;

/// <summary>One flavour, compiled. All paths are absolute and inside <see cref="Output"/>.</summary>
/// <param name="Flavour">What it was made from.</param>
/// <param name="Release">What <c>uname -r</c> prints on it, such as <c>6.12.107-xen-pIV-rltk</c>.</param>
/// <param name="FileName">Its name on the boot server, such as <c>kernel-6.12-xen-pIV-rltk</c>.</param>
/// <param name="Image">bzImage.</param>
/// <param name="SystemMap">System.map.</param>
/// <param name="Config">The finished <c>.config</c>.</param>
/// <param name="Modules">A tree with <c>lib/modules/RELEASE</c>, or null when the kernel has no modules.</param>
/// <param name="SourcePackage">The package that it was compiled from, such as <c>linux-source-6.12 6.12.117-1</c>.</param>
/// <param name="Output">The stage's output.</param>
internal sealed record KernelBuild(
    KernelFlavour Flavour,
    string Release,
    string FileName,
    string Image,
    string SystemMap,
    string Config,
    string? Modules,
    string SourcePackage,
    StageOutput Output);
