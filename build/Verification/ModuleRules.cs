using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Verification;

/// <summary>Kernels find their modules in the image, and their modules are those of a kernel.</summary>
internal static class ModuleRules
{
    private const string Index = "modules.dep";

    // What kmod reads in place of the text.
    private const string BinaryIndex = "modules.dep.bin";

    private static readonly string[] ModuleEnds = [".ko", ".ko.xz", ".ko.zst", ".ko.gz"];
    private static readonly string[] KmodPlaces = ["usr/bin/kmod", "bin/kmod"];

    /// <summary>Checks the modules of a kernel.</summary>
    /// <param name="tree">The generation.</param>
    /// <param name="kernel">Its name, as clients have it.</param>
    /// <param name="release">Its release.</param>
    /// <param name="config">What it was compiled with.</param>
    public static IEnumerable<Finding> Check(GenerationTree tree, string kernel, string release, string config)
    {
        var directory = Path.Combine(ModulesOf(tree), release);
        var place = $"/lib/modules/{release}";
        string[] modules = FileNode.Find(directory) is { IsDirectory: true } top
            ? [.. top.Below().Where(node => node.IsFile && IsModule(node.Name)).Select(node => node.Path[(directory.Length + 1)..])]
            : [];
        if (modules.Length == 0)
        {
            if (config.Split('\n').Any(line => line.TrimEnd().EndsWith("=m", StringComparison.Ordinal)))
            {
                yield return new Finding(FindingKind.ModulesMissing, kernel, $"has options compiled as modules, and the image has no modules for {release}", "Its modules belong to /lib/modules of the image");
            }

            yield break;
        }

        string[] needed = UsesKmod(tree) ? [Index, BinaryIndex] : [Index];
        if (needed.FirstOrDefault(file => FileNode.Find(Path.Combine(directory, file)) is not { IsFile: true, Size: > 0 }) is { } missing)
        {
            yield return new Finding(FindingKind.ModulesIndexMissing, $"{place}/{missing}", "is not there, or empty, and without it no module is found", $"depmod {release} makes it");
            yield break;
        }

        // MODULE: MODULE...
        var listed = File.ReadLines(Path.Combine(directory, Index)).Select(line => line.Split(':')[0]).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (listed.Except(modules).Concat(modules.Except(listed)).Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
        {
            yield return new Finding(FindingKind.ModulesIndexStale, $"{place}/{Index}", $"{(listed.Contains(other) ? $"lists {other}, which is not there" : $"does not list {other}")}", $"depmod {release} makes it anew");
        }
    }

    /// <summary>Modules of kernels that the generation does not have.</summary>
    public static IEnumerable<Finding> CheckOthers(GenerationTree tree, ICollection<string> releases)
    {
        var modules = ModulesOf(tree);
        string[] there = Directory.Exists(modules) ? Directory.GetDirectories(modules) : [];
        return there.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Where(release => !releases.Contains(release))
            .Select(release => new Finding(
                FindingKind.ModulesOfNoKernel, $"/lib/modules/{release}", "no kernel of this generation has these modules", $"Its kernels are: {string.Join(", ", releases.Order(StringComparer.Ordinal))}"));
    }

    private static bool IsModule(string name) => ModuleEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private static bool UsesKmod(GenerationTree tree)
        => KmodPlaces.Any(program => FileNode.Find(Path.Combine(tree.Root, program)) is { IsFile: true });

    // /lib is a link to usr/lib in all suites of today; never followed, since it might lead out of the image.
    private static string ModulesOf(GenerationTree tree)
        => Path.Combine(tree.Root, new FileInfo(Path.Combine(tree.Root, "lib")).LinkTarget is null ? "lib/modules" : "usr/lib/modules");
}
