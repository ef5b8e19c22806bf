using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Edits.Layers;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Packages;

/// <summary>Packages that are in the store, verified, as names in a directory that may be used up.</summary>
/// <param name="recipe">Says of which suite.</param>
/// <param name="directory">Where they are lent to.</param>
/// <param name="context">Store and cancellation.</param>
internal sealed class LentPackages(Recipe recipe, string directory, StageContext context)
{
    private bool _lent;

    private PackageCache Cache => new(context.Store.PackageCache(recipe.Suite, recipe.Architecture));

    /// <summary>The file of a package; null where the store has none.</summary>
    public async Task<string?> FindAsync(string name, string version, string architecture)
    {
        if (!_lent)
        {
            Directory.CreateDirectory(directory);
            await Cache.LendAsync(directory, context.Cancellation).ConfigureAwait(false);
            _lent = true;
        }

        var file = Path.Combine(directory, DebFileName.Of(name, version, architecture));
        return File.Exists(file) ? file : null;
    }

    /// <summary>The file of a package that came to an edit as one, under the name that apt expects.</summary>
    public string Local(KeptLayer kept, PackageChoice package)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, DebFileName.Of(package.Name, package.Version, package.Architecture));
        FileChange.Delete(file);
        File.Copy(kept.ContentOf(package.Sha256!), file);
        return file;
    }

    /// <summary>Takes over packages that were fetched and verified, for the next time.</summary>
    public async Task KeepAsync(ImmutableArray<string> files)
    {
        var fetched = Path.Combine(directory, "fetched");
        Directory.CreateDirectory(fetched);
        foreach (var file in files)
        {
            FileChange.TryMakeName(Path.Combine(fetched, Path.GetFileName(file)), file);
        }

        await Cache.KeepAsync(fetched).ConfigureAwait(false);
    }
}
