using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.Differences;

/// <summary>Finds what changelogs say of packages that were upgraded: in the image, where its recipe keeps documentation, or in the store's <c>.deb</c>s.</summary>
internal static class ChangelogReader
{
    private const int MostAtOnce = 4;
    private const int MostBytes = 16 << 20;

    // A native package's own, and that of a package that Debian packs.
    private static readonly string[] Names = ["changelog.Debian.gz", "changelog.gz"];

    /// <summary>Adds the lines that the newer image has. No tool is needed for it.</summary>
    public static ImmutableArray<PackageChange> FromImage(ImmutableArray<PackageChange> packages, GenerationTree generation)
        => [.. packages.Select(package => package.Kind is not ChangeKind.Upgraded ? package : With(package, Documents(package).Select(path => InImage(generation.Root, path)).OfType<byte[]>().FirstOrDefault()))];

    /// <summary>How many packages that have no lines yet could have some from the store.</summary>
    public static int InStore(ImmutableArray<PackageChange> packages, BuildStore store) => packages.Count(package => IsWanted(package) && DebOf(package, store) is not null);

    /// <summary>Adds the lines of packages that lie in the store. Each is taken apart by dpkg-deb.</summary>
    /// <param name="packages">Packages; those that have lines stay as they are.</param>
    /// <param name="context">The store, tools.</param>
    /// <returns>The packages, and what could not be read.</returns>
    public static async Task<(ImmutableArray<PackageChange> Packages, ImmutableArray<string> Problems)> FromStoreAsync(ImmutableArray<PackageChange> packages, StageContext context)
    {
        var result = packages.ToArray();
        var problems = new string?[packages.Length];
        var scratch = Directory.CreateTempSubdirectory("dom0image-changelogs-").FullName;
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, result.Length).Where(i => IsWanted(result[i])), new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = context.Cancellation }, async (i, _) =>
            {
                if (DebOf(result[i], context.Store) is not { } deb)
                {
                    return;
                }

                try
                {
                    result[i] = With(result[i], await InDebAsync(deb, result[i], Path.Combine(scratch, $"{i}"), context).ConfigureAwait(false));
                }
                catch (BuildFailedException problem)
                {
                    problems[i] = problem.Diagnostics[0].What;
                }
            }).ConfigureAwait(false);
        }
        finally
        {
            SafeDelete.Quietly(scratch);
        }

        return ([.. result], [.. problems.OfType<string>()]);
    }

    private static bool IsWanted(PackageChange package) => package is { Kind: ChangeKind.Upgraded, Changelog.IsEmpty: true };

    private static IEnumerable<string> Documents(PackageChange package) => Names.Select(name => $"/usr/share/doc/{package.Name}/{name}");

    // A name from a list is no path: only what a package may be called leads to a file.
    private static string? DebOf(PackageChange package, BuildStore store)
    {
        var name = DebFileName.Of(package.Name, package.After!, package.Architecture);
        return name.Contains('/', StringComparison.Ordinal) ? null : store.PackageCaches.Select(cache => Path.Combine(cache, name)).FirstOrDefault(File.Exists);
    }

    private static async Task<byte[]?> InDebAsync(string deb, PackageChange package, string scratch, StageContext context)
    {
        string[] wanted = [.. Documents(package).Select(path => path.TrimStart('/'))];
        string Place(string path) => $"{scratch}.{Array.IndexOf(wanted, path)}";
        var copied = await DebReader.ExtractAsync(deb, path => wanted.Contains(path) ? Place(path) : null, context).ConfigureAwait(false);
        return copied.Count == 0 ? null : await File.ReadAllBytesAsync(Place(wanted.First(copied.Contains)), context.Cancellation).ConfigureAwait(false);
    }

    private static byte[]? InImage(string root, string path)
    {
        try
        {
            return FileNode.Find(ContainedPath.Resolve(root, path)) is { IsFile: true, Size: <= MostBytes } file ? file.ReadAllBytes() : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or BuildFailedException)
        {
            return null;
        }
    }

    private static PackageChange With(PackageChange package, byte[]? zipped)
    {
        if (zipped is null)
        {
            return package;
        }

        try
        {
            using var reader = new StreamReader(new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress), Encoding.UTF8);
            return package with { Changelog = Changelog.Between(reader, package.Before!, package.After!) };
        }
        catch (InvalidDataException)
        {
            return package;
        }
    }
}
