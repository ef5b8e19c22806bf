using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Xen;

/// <summary>The hypervisor, ready to be served.</summary>
/// <param name="FileName">Its name on the boot server, such as <c>xen-4.20.gz</c>.</param>
/// <param name="File">Absolute path of the file, inside <see cref="Output"/>.</param>
/// <param name="SourcePackage">The package it was read from, such as <c>xen-hypervisor-4.20-amd64 4.20.4-1</c>.</param>
/// <param name="Output">The stage's output.</param>
internal sealed record HypervisorImage(string FileName, string File, string SourcePackage, StageOutput Output);

/// <summary>Reads the hypervisor out of the suite's package, without installing it.</summary>
internal static class HypervisorStage
{
    private const string Name = "hypervisor";

    private const string PackagePrefix = "xen-hypervisor-";

    /// <summary>Fetches the package and takes the hypervisor from it, or from the store when the package did not change.</summary>
    /// <param name="hypervisor">Names the package.</param>
    /// <param name="fetcher">Where it is looked for.</param>
    /// <param name="context">Store, tools, progress, cancellation.</param>
    /// <exception cref="BuildFailedException">The package cannot be fetched or trusted, or holds no hypervisor.</exception>
    public static async Task<HypervisorImage> MakeAsync(Hypervisor hypervisor, PackageFetcher fetcher, StageContext context)
    {
        var version = VersionOf(hypervisor.Package);
        var package = await fetcher.FindAsync(hypervisor.Package).ConfigureAwait(false);
        var key = StageKey.For(Name).AddSource("Xen/HypervisorStage.cs", "Archive/DebReader.cs").Add("package", $"{package.Name} {package.Version} {package.Sha256}").Build();
        var fileName = $"xen-{version}.gz";
        var output = await context.GetOrMakeAsync(Name, key, async work =>
        {
            var deb = await fetcher.DownloadAsync(package, context.Progress).ConfigureAwait(false);
            context.Progress.Report($"reading {package.Name} {package.Version}");
            await ExtractAsync(deb, Path.Combine(work, fileName), context).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return new HypervisorImage(fileName, Path.Combine(output.Directory, fileName), $"{package.Name} {package.Version}", output);
    }

    // GRUB starts the .gz through multiboot2, from BIOS and from UEFI; the .efi beside it is for starting without GRUB.
    private static async Task ExtractAsync(DebFile deb, string target, StageContext context)
    {
        var found = await DebReader.ExtractAsync(
            deb.Path,
            path => path.StartsWith("boot/xen-", StringComparison.Ordinal) && path.EndsWith(".gz", StringComparison.Ordinal) ? target : null,
            context).ConfigureAwait(false);
        if (found.Count != 1)
        {
            throw new BuildFailedException(new Diagnostic(
                $"package '{deb.Entry.Name}' holds {(found.Count == 0 ? "no hypervisor" : $"several hypervisors: {string.Join(", ", found)}")}")
            {
                Expected = "one file boot/xen-*.gz",
            });
        }
    }

    // xen-hypervisor-4.20-amd64 → 4.20; xen-hypervisor-3.0.3-1-i386-pae → 3.0.3-1
    private static string VersionOf(string package)
    {
        if (!package.StartsWith(PackagePrefix, StringComparison.Ordinal))
        {
            throw new BuildFailedException(new Diagnostic($"'{package}' is no hypervisor's package")
            {
                Expected = $"a package of the suite whose name starts with '{PackagePrefix}'",
            });
        }

        return string.Join('-', package[PackagePrefix.Length..].Split('-').TakeWhile(part => part.Length > 0 && char.IsDigit(part[0])));
    }
}
