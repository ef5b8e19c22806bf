using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Kernels;

namespace Dom0Image.Differences;

/// <summary>Tells the kernels of two generations apart, flavour by flavour: by their names and their finished configurations.</summary>
internal static class KernelChanges
{
    /// <summary>Every flavour that differs, in the newer one's order.</summary>
    public static ImmutableArray<KernelChange> Between((GenerationTree Tree, GenerationBoot Boot) before, (GenerationTree Tree, GenerationBoot Boot) after)
    {
        var flavours = after.Boot.Kernels.Concat(before.Boot.Kernels).Select(kernel => kernel.Flavour).Distinct();
        return [.. flavours.Select(flavour => Change(flavour, Find(before, flavour), Find(after, flavour))).OfType<KernelChange>()];
    }

    private static KernelChange? Change(string flavour, (string File, string Config)? before, (string File, string Config)? after)
    {
        ImmutableArray<OptionChange> options = before is { } one && after is { } other ? Options(one.Config, other.Config) : [];
        return before?.File == after?.File && options.IsEmpty ? null : new KernelChange(flavour, before?.File, after?.File, options);
    }

    private static ImmutableArray<OptionChange> Options(string before, string after)
    {
        if (!File.Exists(before) || !File.Exists(after))
        {
            return [];
        }

        var (old, now) = (KernelConfig.Read(before), KernelConfig.Read(after));
        return [.. from name in old.Values.Keys.Union(now.Values.Keys).Order(StringComparer.Ordinal)
                   where old[name] != now[name]
                   select new OptionChange(name, old[name], now[name])];
    }

    private static (string File, string Config)? Find((GenerationTree Tree, GenerationBoot Boot) generation, string flavour)
        => generation.Boot.Kernels.FirstOrDefault(kernel => kernel.Flavour == flavour) is { } kernel ? (kernel.FileName, generation.Tree.ConfigOf(kernel.FileName)) : null;
}
