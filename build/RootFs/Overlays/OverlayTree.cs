using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.RootFs.Overlays;

/// <summary>
/// A tree of files that is laid over an image, and the modes that they get there. The same commit gives the same image
/// whatever the umask was under which it was checked out: directories are 0755, files 0755 where their owner may execute
/// them and else 0644, and what is to be otherwise has a line in <c>overlays/NAME.modes</c>.
/// </summary>
internal sealed class OverlayTree
{
    /// <summary>Suffix of files that are rendered.</summary>
    public const string TemplateSuffix = ".template";

    private const int OwnerExecutes = 0b001_000_000;
    private const int Open = 0b111_101_101;
    private const int Readable = 0b110_100_100;

    private readonly FileNode _top;
    private readonly OverlayModes _modes;

    private OverlayTree(FileNode top, OverlayModes modes) => (_top, _modes) = (top, modes);

    /// <summary>Where it lies.</summary>
    public string Directory => _top.Path;

    /// <summary>All that is laid, a directory before what is in it; a <c>.gitkeep</c> only keeps its directory in Git.</summary>
    public IEnumerable<FileNode> Nodes => _top.Below().Where(node => node.Name != ".gitkeep");

    /// <summary>Looks through overlays; opens nothing in them.</summary>
    /// <param name="directories">Absolute paths.</param>
    /// <exception cref="BuildFailedException">What cannot go into an image, and lines of modes that fit nothing: all of it in one go.</exception>
    public static ImmutableArray<OverlayTree> ReadAll(IEnumerable<string> directories)
    {
        var trees = ImmutableArray.CreateBuilder<OverlayTree>();
        var problems = new List<Diagnostic>();
        foreach (var directory in directories)
        {
            if (FileNode.Find(directory) is not { IsDirectory: true } top)
            {
                problems.Add(new Diagnostic($"there is no overlay directory '{directory}'"));
                continue;
            }

            var tree = new OverlayTree(top, OverlayModes.Read(directory, problems));
            problems.AddRange(tree.Nodes.Where(node => !node.IsDirectory && !node.IsFile && !node.IsLink)
                .Select(node => new Diagnostic($"overlay '{ByteName.Printable(node.Path)}' is a {node.TypeName}; an overlay holds files, directories and symlinks")));
            problems.AddRange(tree._modes.Check(tree.Nodes.Select(node => (tree.ImagePath(node), node))));
            trees.Add(tree);
        }

        return problems.Count == 0 ? trees.ToImmutable() : throw new BuildFailedException(problems);
    }

    /// <summary>Reads one; see <see cref="ReadAll"/>.</summary>
    public static OverlayTree Read(string directory) => ReadAll([directory]).Single();

    /// <summary>The mode that one of its files or directories gets in the image.</summary>
    public int ModeOf(FileNode node) => _modes.Of(ImagePath(node)) ?? (node.IsDirectory || (node.Mode & OwnerExecutes) != 0 ? Open : Readable);

    /// <summary>Whether a line says so, and not the rule.</summary>
    public bool HasModeOfItsOwn(FileNode node) => _modes.Of(ImagePath(node)) is not null;

    /// <summary>What was given up, for the user to know: modes that the files have here and no line keeps.</summary>
    public IEnumerable<string> Notes()
    {
        // The umask of whoever checked it out, or made it, as its own directory shows it.
        var umask = ~_top.Mode & 0b111_111_111;
        var name = Path.GetFileName(Directory);
        var closed = 0;
        foreach (var node in Nodes.Where(node => !node.IsLink && node.Mode != ModeOf(node) && !HasModeOfItsOwn(node)))
        {
            if (node.Mode == ((node.IsDirectory || (node.Mode & OwnerExecutes) != 0 ? 0b111_111_111 : 0b110_110_110) & ~umask))
            {
                closed++;
                continue;
            }

            var path = ByteName.Printable(ImagePath(node));
            yield return $"overlay {name}: {path} has mode {OctalMode.Of(node.Mode)} here and gets {OctalMode.Of(ModeOf(node))} in the image; a line '{OctalMode.Of(node.Mode)} {path}' in {UserPath.Of(_modes.File)} would keep it";
        }

        if (closed > 0)
        {
            yield return $"overlay {name}: {closed} files and directories have the modes of a checkout under umask {OctalMode.Of(umask)}; in the image files are 0644, or 0755 where their owner may execute them, and directories 0755";
        }
    }

    /// <summary>Adds all that shapes the image: names, kinds, the modes there, targets and contents.</summary>
    public void AddTo(StageKeyBuilder key)
    {
        foreach (var node in Nodes)
        {
            var path = node.Path[Directory.Length..];
            _ = node switch
            {
                { IsLink: true } => key.Add($"link {path}", node.Target),
                { IsDirectory: true } => key.Add($"directory {path}", $"{ModeOf(node)} {HasModeOfItsOwn(node)}"),
                _ => key.Add($"file {path}", $"{ModeOf(node)}").AddContent(node),
            };
        }
    }

    private string ImagePath(FileNode node)
    {
        var path = node.Path[Directory.Length..];
        return node.IsFile && IsTemplate(node.Name) ? path[..^TemplateSuffix.Length] : path;
    }

    /// <summary>Whether a file of that name is rendered, and loses the suffix.</summary>
    internal static bool IsTemplate(string name) => name.EndsWith(TemplateSuffix, StringComparison.Ordinal) && name != TemplateSuffix;
}
