using System.Collections.Immutable;

namespace Dom0Image.Edits.Layers;

/// <summary>
/// Puts in what a <c>layer.json</c> leaves out: one that was written before there was such a setting, or by hand. The serializer's
/// generated code sets what may be set once to null where the file does not name it (dotnet/runtime#84484, open).
/// </summary>
internal static class LayerDefaults
{
    /// <summary>The layer, all of it there.</summary>
    public static Layer Filled(Layer layer) => layer with
    {
        Packages = layer.Packages is { } packages ? Filled(packages) : LayerPackages.None,
        Settings = layer.Settings is { } settings ? Filled(settings) : LayerSettings.None,
        Paths = Filled(layer.Paths),
    };

    private static LayerPackages Filled(LayerPackages packages) => new()
    {
        Added = Filled(packages.Added),
        Needed = Filled(packages.Needed),
        Removed = Filled(packages.Removed),
        Changed = Filled(packages.Changed),
        Held = Filled(packages.Held),
        Released = Filled(packages.Released),
        Manual = Filled(packages.Manual),
    };

    private static LayerSettings Filled(LayerSettings settings) => new()
    {
        Users = Filled(settings.Users),
        RemovedUsers = Filled(settings.RemovedUsers),
        Groups = Filled(settings.Groups),
        RemovedGroups = Filled(settings.RemovedGroups),
        Members = Filled(settings.Members),
        Passwords = Filled(settings.Passwords),
        Alternatives = Filled(settings.Alternatives),
        Diversions = Filled(settings.Diversions),
        StatOverrides = Filled(settings.StatOverrides),
        Services = Filled(settings.Services),
        Debconf = Filled(settings.Debconf),
    };

    private static ImmutableArray<T> Filled<T>(ImmutableArray<T> list) => list.IsDefault ? [] : list;

    private static ImmutableSortedDictionary<string, T> Filled<T>(ImmutableSortedDictionary<string, T>? named) => named ?? ImmutableSortedDictionary<string, T>.Empty;
}
