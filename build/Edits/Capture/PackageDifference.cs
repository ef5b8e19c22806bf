using System.Collections.Immutable;
using Dom0Image.Edits.Layers;

namespace Dom0Image.Edits.Capture;

/// <summary>What a session did to packages.</summary>
/// <param name="before">The generation's packages.</param>
/// <param name="after">Those afterwards.</param>
internal sealed class PackageDifference(DpkgState before, DpkgState after)
{
    /// <summary>Keys of those that came.</summary>
    public ImmutableArray<string> Came => [.. after.Packages.Keys.Where(key => !before.Packages.ContainsKey(key))];

    /// <summary>Keys of those that went.</summary>
    public ImmutableArray<string> Went => [.. before.Packages.Keys.Where(key => !after.Packages.ContainsKey(key))];

    /// <summary>Keys of those that are of another version.</summary>
    public ImmutableArray<string> Changed => [.. after.Packages.Where(package => before.Packages.TryGetValue(package.Key, out var old) && old.Version != package.Value.Version).Select(package => package.Key)];

    /// <summary>As a layer keeps it.</summary>
    /// <param name="local">SHA-256 of the <c>.deb</c> of a package that no archive has; null for one that one has.</param>
    public LayerPackages Keep(Func<InstalledPackage, string?> local)
    {
        PackageChoice Choice(string key) => after.Packages[key] is var package ? new PackageChoice(package.Name, package.Version, package.Architecture, local(package)) : throw new InvalidOperationException();
        ImmutableArray<string> Both(Func<InstalledPackage, InstalledPackage, bool> differ)
            => [.. after.Packages.Where(package => before.Packages.TryGetValue(package.Key, out var old) ? differ(old, package.Value) : differ(package.Value with { Held = false, Automatic = false }, package.Value)).Select(package => package.Key)];

        return new LayerPackages
        {
            Added = [.. Came.Where(key => !after.Packages[key].Automatic).Select(Choice)],
            Needed = [.. Came.Where(key => after.Packages[key].Automatic).Select(Choice)],
            Removed = Went,
            Changed = [.. Changed.Select(Choice)],
            Held = Both((old, now) => now.Held && !old.Held),
            Released = Both((old, now) => old.Held && !now.Held),
            Manual = Both((old, now) => old.Automatic && !now.Automatic),
        };
    }
}
