using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Capture;

/// <summary>Package files that somebody brought into a session, by what they say they are.</summary>
/// <param name="Files">By <c>name version architecture</c>.</param>
internal sealed record LocalPackages(ImmutableDictionary<string, FileNode> Files)
{
    /// <summary>Looks for them.</summary>
    /// <param name="directories">Where; each is walked.</param>
    /// <param name="context">Runs dpkg-deb.</param>
    public static async Task<LocalPackages> FindAsync(IEnumerable<string> directories, StageContext context)
    {
        var files = ImmutableDictionary.CreateBuilder<string, FileNode>();
        foreach (var node in directories.SelectMany(directory => FileNode.Get(directory).Below()).Where(node => node.IsFile && node.Name.EndsWith(".deb", StringComparison.Ordinal)))
        {
            var said = await context.RunAsync(new ToolCommand("dpkg-deb", "--show", "--showformat=${Package} ${Version} ${Architecture}", node.Path) { SuccessCodes = [0, 2] }).ConfigureAwait(false);
            if (said.ExitCode == 0)
            {
                files[said.Output.Trim()] = node;
            }
        }

        return new LocalPackages(files.ToImmutable());
    }

    /// <summary>The file of a package; null where it is nowhere.</summary>
    public FileNode? Of(InstalledPackage package) => Files.TryGetValue($"{package.Name} {package.Version} {package.Architecture}", out var file) ? file : null;
}
