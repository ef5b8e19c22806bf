using Dom0Image.Generations;
using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Verification;

/// <summary>Kernels are kernels, whole, can do what their menus ask of them, and match the modules in the image.</summary>
internal sealed class KernelRule : IGenerationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedGeneration generation)
    {
        var tree = generation.Tree;
        var useOf = UsesIn(generation.Menus);
        var releases = new HashSet<string>(StringComparer.Ordinal);
        var kernels = TftpRule.FilesOf(tree.Kernels).ToList();
        if (kernels.Count == 0)
        {
            yield return new Finding(FindingKind.KernelsMissing, "/kernels", "holds no kernel", "Build the generation again");
        }

        foreach (var file in kernels)
        {
            var kernel = file.Name;
            var name = $"/kernels/{kernel}";
            if (KernelImage.ReadRelease(file.FullName) is not { } release)
            {
                yield return new Finding(FindingKind.KernelNone, name, "is not a Linux kernel (bzImage)", "Build the generation again");
                continue;
            }

            releases.Add(release);
            if (KernelImage.Damage(file.FullName) is { } damage)
            {
                yield return new Finding(FindingKind.KernelDamaged, name, damage, "Build the generation again");
            }

            var config = ConfigOf(tree, kernel);
            if (config is null)
            {
                yield return NoConfig(tree, kernel);
                continue;
            }

            foreach (var lack in generation.Requirement(kernel, config, useOf(kernel)))
            {
                yield return new Finding(FindingKind.KernelOption, name, lack.What, lack.Hint);
            }

            foreach (var finding in ModuleRules.Check(tree, name, release, config))
            {
                yield return finding;
            }
        }

        foreach (var finding in ModuleRules.CheckOthers(tree, releases))
        {
            yield return finding;
        }
    }

    /// <summary>
    /// Checks that the kernels which menus name can do what these menus ask of them: for other menus than those that the
    /// generation was verified with. Kernels that are not there are for <see cref="MenuRule"/> to tell.
    /// </summary>
    public static IEnumerable<Finding> CheckNamed(CheckedGeneration generation)
    {
        var (tree, menus) = (generation.Tree, generation.Menus);
        var useOf = UsesIn(menus);
        var there = TftpRule.FilesOf(tree.Kernels).Select(file => file.Name).ToHashSet();
        foreach (var kernel in NamesIn(menus, menu => menu.Files).Where(there.Contains).Order(StringComparer.Ordinal))
        {
            if (ConfigOf(tree, kernel) is not { } config)
            {
                yield return NoConfig(tree, kernel);
                continue;
            }

            foreach (var lack in generation.Requirement(kernel, config, useOf(kernel)))
            {
                yield return new Finding(FindingKind.KernelOption, $"/kernels/{kernel}", lack.What, lack.Hint);
            }
        }
    }

    private static string? ConfigOf(GenerationTree tree, string kernel)
        => File.Exists(tree.ConfigOf(kernel)) && File.ReadAllText(tree.ConfigOf(kernel)) is { Length: > 0 } text ? text : null;

    private static Finding NoConfig(GenerationTree tree, string kernel)
        => new(FindingKind.KernelConfigMissing, $"/kernels/{kernel}", $"has no configuration, so that nothing can be told of what it lacks: '{tree.ConfigOf(kernel)}' is not there, or empty", "Build the generation again");

    private static Func<string, KernelUse> UsesIn(MenuReading menus)
    {
        var dom0 = NamesIn(menus, menu => menu.Dom0Kernels);
        var alone = NamesIn(menus, menu => menu.Loads.Where(load => load is { Command: MenuCommand.Kernel, IsOwn: true }).Select(load => load.File));
        return kernel => new KernelUse(dom0.Contains(kernel), alone.Contains(kernel));
    }

    private static HashSet<string> NamesIn(MenuReading menus, Func<MenuText, IEnumerable<string>> files)
        => [.. menus.Texts.Values.SelectMany(files).Select(file => Path.GetFileName(file))];
}
