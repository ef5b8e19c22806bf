using Dom0Image.Archive;
using Dom0Image.Generations;
using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Verification;

/// <summary>Microcode is where kernels look for it, and is handed over by each menu that boots a kernel.</summary>
internal sealed class MicrocodeRule : IGenerationRule
{
    private const int Alignment = 16;

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedGeneration generation)
    {
        var (tree, menus) = (generation.Tree, generation.Menus);
        if (!File.Exists(tree.Microcode))
        {
            yield break;
        }

        var served = $"{Places.TftpOf(tree.Id)}/{GenerationTree.MicrocodeName}";
        if (WhyNot(tree.Microcode) is { } why)
        {
            yield return new Finding(FindingKind.MicrocodeDamaged, served, why, "The kernel would boot and take none");
        }

        foreach (var (path, text) in menus.Texts.OrderBy(menu => menu.Key, StringComparer.Ordinal))
        {
            foreach (var what in text.Loads.GroupBy(load => load.Entry).Select(entry => NotHanded(tree, [.. entry.Where(load => load.IsOwn)])).OfType<string>().Distinct())
            {
                yield return new Finding(FindingKind.MicrocodeNotHanded, "/grub/" + path, what, "Publish the site's menus again");
            }
        }
    }

    // What is wrong with an entry that boots a kernel of the generation, from what it loads, in order.
    private static string? NotHanded(GenerationTree tree, MenuLoad[] loads)
    {
        var place = Places.TftpOf(tree.Id);
        var (served, none) = ($"{place}/{GenerationTree.MicrocodeName}", $"{place}/{GenerationTree.NoInitrdName}");
        bool IsKernel(MenuLoad load) => load.File.StartsWith($"{place}/kernels/", StringComparison.Ordinal);
        string[] modules = [.. loads.Where(load => load.Command is MenuCommand.Module).SkipWhile(load => !IsKernel(load)).Select(load => load.File)];
        var alone = loads.SkipWhile(load => load.Command is not MenuCommand.Kernel || !IsKernel(load)).ToList();
        return modules.Length > 0 && !modules.Skip(1).Take(2).SequenceEqual([none, served]) ? $"starts {modules[0]} under Xen without {none} and {served} after it"
            : alone.Count > 0 && !alone.Any(load => load.Command is MenuCommand.Other && load.File == served) ? $"boots {alone[0].File} without its microcode, {served}"
            : null;
    }

    private static string? WhyNot(string archive)
    {
        try
        {
            var found = NewcArchive.Files(archive).Where(file => CpuMicrocode.All.Any(known => known.EarlyName == file.Name)).ToList();
            return found.Count == 0 ? $"holds none of {string.Join(" and ", CpuMicrocode.All.Select(known => known.EarlyName))}"
                : found.Find(file => file.Length == 0) is { Name: { } empty } ? $"has an empty {empty}"
                : found.Find(file => file.Offset % Alignment != 0) is { Name: { } odd } ? $"has {odd} at a place that is no multiple of {Alignment}, where processors do not take it"
                : null;
        }
        catch (InvalidDataException problem)
        {
            return $"is no archive that a kernel reads: {problem.Message}";
        }
    }
}
