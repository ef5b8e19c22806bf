using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>Kernels are kernels, can do what their menus ask of them, and match the modules in the image.</summary>
internal static class KernelRules
{
    private const string OptionsRule = "kernel-options";

    /// <summary>Checks all kernels of a generation, and its modules.</summary>
    public static IEnumerable<Finding> Check(GenerationTree tree, MenuReading menus, KernelRequirement requirement)
    {
        var dom0 = NamesIn(menus, menu => menu.Dom0Kernels);
        var releases = new Dictionary<string, string>();
        foreach (var kernel in Directory.GetFiles(tree.Kernels).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal))
        {
            var name = $"/kernels/{kernel}";
            if (KernelImage.ReadRelease(Path.Combine(tree.Kernels, kernel)) is not { } release)
            {
                yield return new Finding("kernel-image", name, "is not a Linux kernel (bzImage)");
                continue;
            }

            releases[release] = kernel;
            var config = File.ReadAllText(tree.ConfigOf(kernel));
            foreach (var lack in requirement(kernel, config, dom0.Contains(kernel)))
            {
                yield return new Finding(OptionsRule, name, lack.What, lack.Hint);
            }

            if (HasModules(config) && !File.Exists(Path.Combine(ModulesOf(tree), release, "modules.dep")))
            {
                yield return new Finding("modules", name, $"has options compiled as modules, and the image has no modules for {release}", "Its modules belong to /lib/modules of the image");
            }
        }

        var modules = ModulesOf(tree);
        string[] there = Directory.Exists(modules) ? Directory.GetDirectories(modules) : [];
        foreach (var release in there.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        {
            if (!releases.ContainsKey(release))
            {
                yield return new Finding("modules", $"/lib/modules/{release}", "no kernel of this generation has these modules", $"Its kernels are: {string.Join(", ", releases.Keys.Order(StringComparer.Ordinal))}");
            }
        }
    }

    /// <summary>
    /// Checks that the kernels which menus name can do what these menus ask of them: for other menus than those that the
    /// generation was verified with. Kernels that are not there are for <see cref="MenuRules"/> to tell.
    /// </summary>
    public static IEnumerable<Finding> CheckNamed(GenerationTree tree, MenuReading menus, KernelRequirement requirement)
    {
        var dom0 = NamesIn(menus, menu => menu.Dom0Kernels);
        var there = Directory.GetFiles(tree.Kernels).Select(file => Path.GetFileName(file)).ToHashSet();
        foreach (var kernel in NamesIn(menus, menu => menu.Files).Where(there.Contains).Order(StringComparer.Ordinal))
        {
            var config = tree.ConfigOf(kernel);
            IEnumerable<Diagnostic> lacks = File.Exists(config)
                ? requirement(kernel, File.ReadAllText(config), dom0.Contains(kernel))
                : [new Diagnostic($"has no configuration: '{config}' is not there")];
            foreach (var lack in lacks)
            {
                yield return new Finding(OptionsRule, $"/kernels/{kernel}", lack.What, lack.Hint);
            }
        }
    }

    private static HashSet<string> NamesIn(MenuReading menus, Func<MenuText, IEnumerable<string>> files)
        => [.. menus.Texts.Values.SelectMany(files).Select(file => Path.GetFileName(file))];

    private static bool HasModules(string config) => config.Contains("=m\n", StringComparison.Ordinal);

    // /lib is a link to usr/lib in all suites of today; never followed, since it might lead out of the image.
    private static string ModulesOf(GenerationTree tree)
        => Path.Combine(tree.Root, new FileInfo(Path.Combine(tree.Root, "lib")).LinkTarget is null ? "lib/modules" : "usr/lib/modules");
}
