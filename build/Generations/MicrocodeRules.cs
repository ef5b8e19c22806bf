using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Generations;

/// <summary>Microcode is where kernels look for it, and is handed over by each menu that boots a kernel.</summary>
internal static class MicrocodeRules
{
    private const int Alignment = 16;

    public static IEnumerable<Finding> Check(GenerationTree tree, MenuReading menus)
    {
        if (!File.Exists(tree.Microcode))
        {
            yield break;
        }

        var served = $"{Places.TftpOf(tree.Id)}/{GenerationTree.MicrocodeName}";
        if (WhyNot(tree.Microcode) is { } why)
        {
            yield return new Finding(FindingKind.MicrocodeDamaged, served, why, "The kernel would boot and take none");
        }

        var kernels = $"{Places.TftpOf(tree.Id)}/kernels/";
        foreach (var (path, text) in menus.Texts.OrderBy(menu => menu.Key, StringComparer.Ordinal))
        {
            if (text.Files.Any(file => file.StartsWith(kernels, StringComparison.Ordinal)) && !text.Files.Contains(served))
            {
                yield return new Finding(FindingKind.MicrocodeNotHanded, "/grub/" + path, $"boots a kernel of generation {tree.Id} without its microcode, {served}");
            }
        }
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
