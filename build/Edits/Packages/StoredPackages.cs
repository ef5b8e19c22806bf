using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;

namespace Dom0Image.Edits.Packages;

/// <summary>Packages as the generation that is made again has them, else as the edit installed them: from the store alone, and no mirror is asked.</summary>
/// <param name="installed">Lines <c>name version architecture</c> of the generation.</param>
/// <param name="laid">Those of its base layer.</param>
/// <param name="lent">The store's packages.</param>
/// <param name="recipe">Name of the recipe.</param>
internal sealed class StoredPackages(IReadOnlyList<string> installed, IReadOnlyList<string> laid, LentPackages lent, string recipe) : IPackageFinder
{
    private readonly ImmutableArray<(string Name, string Version, string Architecture)> _added = [.. installed.Except(laid).Select(line => line.Split(' ')).Where(words => words.Length == 3).Select(words => (words[0], words[1], words[2]))];

    /// <inheritdoc/>
    public IEnumerable<string> KeyFor(ImmutableArray<KeptLayer> layers)
    {
        var chosen = layers.SelectMany(kept => kept.Layer.Packages.Added.Concat(kept.Layer.Packages.Needed).Concat(kept.Layer.Packages.Changed)).ToList();
        return
        [
            "store",
            .. chosen.Select(package => $"{(package.Sha256 is null ? AsInstalled(package) : (package.Name, package.Version, package.Architecture))}"),
            .. _added.Where(added => chosen.All(package => package.Name != added.Name)).Select(spare => $"spare {spare}"),
        ];
    }

    /// <inheritdoc/>
    public async Task<FoundPackages> FindAsync(KeptLayer kept, WantedPackages wanted, string root)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var package in wanted.Fresh.Concat(wanted.Newer))
        {
            files[package.Name] = package.Sha256 is null ? await RequireAsync(kept, AsInstalled(package)).ConfigureAwait(false) : lent.Local(kept, package);
        }

        foreach (var package in wanted.Exact)
        {
            files[package.Name] = package.Sha256 is null ? await RequireAsync(kept, (package.Name, package.Version, package.Architecture)).ConfigureAwait(false) : lent.Local(kept, package);
        }

        var spare = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, version, architecture) in _added.Where(added => !files.ContainsKey(added.Name)))
        {
            if (await lent.FindAsync(name, version, architecture).ConfigureAwait(false) is { } file)
            {
                spare[name] = file;
            }
        }

        return new FoundPackages(files.ToImmutable(), spare.ToImmutable());
    }

    private (string Name, string Version, string Architecture) AsInstalled(PackageChoice package)
        => _added.FirstOrDefault(added => added.Name == package.Name, (package.Name, package.Version, package.Architecture));

    private async Task<string> RequireAsync(KeptLayer kept, (string Name, string Version, string Architecture) package)
        => await lent.FindAsync(package.Name, package.Version, package.Architecture).ConfigureAwait(false) ?? throw new BuildFailedException(
            new Diagnostic($"the store has package {package.Name} {package.Version} of edit {kept.Layer.Name} no longer, and no mirror is asked here. Nothing was changed")
            {
                Hint = $"./build.sh --recipe={recipe} makes the image as the archive is now, with updates, and takes the edits along",
            });
}
