using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Verification;

/// <summary>What everyone may write to is below <c>/flash</c>, and nobody there can delete what is another's.</summary>
internal sealed class WritableRule(CheckedImage image) : IEntryRule
{
    private const int OthersWrite = 0b010;
    private const int Sticky = 0b001_000_000_000;

    // Covered by file systems of the kernel's or the init's before anyone logs in.
    private static readonly ImmutableArray<string> CoveredAtBoot = ["/dev", "/proc", "/sys", "/run"];

    private readonly FlashList _flash = image.Recipe.Flash;

    /// <inheritdoc/>
    public IEnumerable<Finding> Look(FileNode node, string path)
    {
        if (node.IsLink || node.IsDevice || (node.Mode & OthersWrite) == 0 || CoveredAtBoot.Any(top => FlashPaths.IsBelow(path, top)))
        {
            yield break;
        }

        if (!FlashPaths.IsBelow(path, FlashPaths.Flash))
        {
            yield return new Finding(FindingKind.WorldWritable, path, $"is a {node.TypeName} that everyone may write to (mode {OctalMode.Of(node.Mode)}), outside {FlashPaths.Flash}", "List it in the recipe's flash list, or take the permission away in an overlay");
        }
        else if (node.IsDirectory && (node.Mode & Sticky) == 0)
        {
            yield return new Finding(FindingKind.WritableWithoutSticky, path, $"is a directory that everyone may write to, without the sticky bit (mode {OctalMode.Of(node.Mode)})", "Give it mode 1777");
        }
        else if (node.IsFile && !_flash.Entries.Any(entry => FlashPaths.Moved(entry.Path) == path))
        {
            yield return new Finding(FindingKind.WritableFlashFile, path, $"is a file that everyone may write to (mode {OctalMode.Of(node.Mode)})", "List it in the recipe's flash list if that is meant");
        }
    }
}
