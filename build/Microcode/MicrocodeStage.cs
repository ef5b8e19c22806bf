using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Microcode;

/// <summary>Microcode for processors, as a boot loader hands it to the kernel or the hypervisor.</summary>
/// <param name="File">Absolute path of the archive, inside <see cref="Output"/>.</param>
/// <param name="SourcePackages">Where it is from, such as <c>amd64-microcode 3.20250311.1, intel-microcode ...</c>.</param>
/// <param name="Output">The stage's output.</param>
internal sealed record MicrocodeImage(string File, string SourcePackages, StageOutput Output);

/// <summary>
/// Reads microcode out of the suite's packages, without installing them, and puts it into one archive for both vendors'
/// processors: what is for another processor is passed over there.
/// </summary>
internal static class MicrocodeStage
{
    private const string Name = "microcode";

    // Processors read it where it lies, and want it at a multiple of 16.
    private const int Alignment = 16;

    /// <summary>Fetches the packages and takes the microcode from them, or from the store when none of them changed.</summary>
    /// <param name="vendors">Whose; at least one.</param>
    /// <param name="fetcher">Where the packages are looked for.</param>
    /// <param name="context">Store, tools, progress, cancellation.</param>
    /// <exception cref="BuildFailedException">A package cannot be fetched or trusted, or holds no microcode.</exception>
    public static async Task<MicrocodeImage> MakeAsync(ImmutableArray<CpuVendor> vendors, PackageFetcher fetcher, StageContext context)
    {
        // Whatever the recipe's order: the same vendors have the same archive.
        var known = vendors.Order().Select(CpuMicrocode.Of).ToList();
        var packages = new List<PackageEntry>();
        foreach (var vendor in known)
        {
            packages.Add(await fetcher.FindAsync(vendor.Package).ConfigureAwait(false));
        }

        var key = StageKey.For(Name).AddSource("Microcode/MicrocodeStage.cs", "Archive/NewcArchive.cs", "Archive/DebReader.cs", "Recipes/CpuVendor.cs").Add("packages", packages.Select(package => $"{package.Name} {package.Version} {package.Sha256}")).Build();
        var output = await context.GetOrMakeAsync(Name, key, async work =>
        {
            var files = new List<(string, byte[])>();
            foreach (var (vendor, package) in known.Zip(packages))
            {
                var deb = await fetcher.DownloadAsync(package, context.Progress).ConfigureAwait(false);
                context.Progress.Report($"reading {package.Name} {package.Version}");
                files.Add((vendor.EarlyName, await ReadAsync(vendor, deb, work, context).ConfigureAwait(false)));
            }

            // Without the directories on the way: the kernel looks for names alone, and would otherwise unpack megabytes into a
            // RAM disk that is never freed, since no initrd is there that empties it.
            NewcArchive.Write(Path.Combine(work, GenerationTree.MicrocodeName), [], files, Alignment);
        }).ConfigureAwait(false);
        return new MicrocodeImage(Path.Combine(output.Directory, GenerationTree.MicrocodeName), string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}")), output);
    }

    // A package has a file for each family or model; one after the other they are what kernels look through.
    private static async Task<byte[]> ReadAsync(CpuMicrocode vendor, DebFile deb, string work, StageContext context)
    {
        var taken = Path.Combine(work, vendor.Word);
        Directory.CreateDirectory(taken);
        await DebReader.ExtractAsync(deb.Path, path => IsMicrocode(vendor, path) ? Path.Combine(taken, Path.GetFileName(path)) : null, context).ConfigureAwait(false);
        byte[] content = [.. Directory.GetFiles(taken).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];
        Directory.Delete(taken, recursive: true);
        return content.Length > 0 ? content : throw new BuildFailedException(new Diagnostic($"package '{deb.Entry.Name}' holds no microcode")
        {
            Expected = $"files {vendor.Directory}/{vendor.FileStart}*",
        });
    }

    // Since trixie below usr/. Intel's that may only be loaded early, as it is here, is named so; signatures are beside it.
    private static bool IsMicrocode(CpuMicrocode vendor, string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        var name = Path.GetFileName(path);
        return (directory == vendor.Directory || directory == $"usr/{vendor.Directory}")
            && name.StartsWith(vendor.FileStart, StringComparison.Ordinal)
            && Path.GetExtension(name) is "" or ".bin" or ".initramfs";
    }
}
