using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>Checks that the image has the init of its recipe: all that is told of what it starts rests on that.</summary>
internal sealed class InitRule : IImageRule
{
    private const string Init = "/sbin/init";
    private const string Table = "/etc/inittab";
    private const string Boot = "/etc/init.d/rcS";
    private const int AnyMayRun = 0b001_001_001;

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedImage image)
    {
        var (root, recipe) = (image.Root, image.Recipe);
        var word = recipe.Init == InitSystem.Systemd ? "systemd" : "System V init";
        if (!ContainedPath.Exists(root, Init) || ContainedPath.ResolveInImage(root, Init) is var real && !IsProgram(root, real))
        {
            yield return new Finding(FindingKind.InitMissing, Init, "is no program, and a client's kernel would find nothing to start", $"The recipe's init is {word}: its package brings it");
            yield break;
        }

        var name = Path.GetFileName(real);
        if (name != (recipe.Init == InitSystem.Systemd ? "systemd" : "init"))
        {
            yield return new Finding(FindingKind.InitOther, Init, $"is {real}, and the recipe's init is {word}", "Say in the recipe which init its packages bring, or leave out the one that another package pulled in");
        }
        else if (recipe.Init == InitSystem.Sysvinit && (!RunsBoot(root) || !IsProgram(root, Boot)))
        {
            yield return new Finding(FindingKind.InitTable, Table, $"does not have {Boot} run at boot, which starts all else", $"A line 'si::sysinit:{Boot}' does");
        }
    }

    private static bool IsProgram(string root, string path)
        => FileNode.Find(ContainedPath.Resolve(root, path)) is { IsFile: true, Size: > 0 } program && (program.Mode & AnyMayRun) != 0;

    // ID:LEVELS:ACTION:PROGRAM
    private static bool RunsBoot(string root)
        => FileNode.Find(ContainedPath.Resolve(root, Table)) is { IsFile: true } table
            && File.ReadLines(table.Path).Any(line => !line.StartsWith('#') && line.Split(':', 4) is [_, _, "sysinit", var program] && program.Split(' ')[0] == Boot);
}
