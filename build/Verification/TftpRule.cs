using Dom0Image.Generations;

namespace Dom0Image.Verification;

/// <summary>The TFTP server, which runs as nobody, can send every file of the generation.</summary>
internal sealed class TftpRule : IGenerationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedGeneration generation)
    {
        var tree = generation.Tree;
        foreach (var missing in new[] { tree.TftpDirectory, tree.Kernels, tree.Hypervisors }.Where(path => !Directory.Exists(path)))
        {
            yield return new Finding(FindingKind.TftpMissing, NameOf(tree, missing), "is not there", "Build the generation again");
        }

        var directory = new DirectoryInfo(tree.TftpDirectory);
        IEnumerable<FileSystemInfo> entries = directory.Exists ? directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(directory) : [];
        foreach (var entry in entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            var name = NameOf(tree, entry.FullName);
            var needed = entry is DirectoryInfo ? UnixFileMode.OtherRead | UnixFileMode.OtherExecute : UnixFileMode.OtherRead;
            if (entry.LinkTarget is { } target)
            {
                yield return new Finding(FindingKind.TftpLink, name, $"is a link to {target}, and generations hold plain files only", "Put the file itself there, and build the generation again");
            }
            else if ((entry.UnixFileMode & needed) != needed)
            {
                yield return new Finding(FindingKind.TftpUnreadable, name, "can't be read by the TFTP server, which runs as nobody", $"chmod o+{(entry is DirectoryInfo ? "rx" : "r")}");
            }
            else if (entry is FileInfo { Length: 0 })
            {
                yield return new Finding(FindingKind.TftpEmpty, name, "is empty", "Build the generation again");
            }
        }
    }

    /// <summary>Files of a directory that hold something, in order; links are told of elsewhere and never followed.</summary>
    internal static IEnumerable<FileInfo> FilesOf(string directory)
        => Directory.Exists(directory)
            ? new DirectoryInfo(directory).EnumerateFiles().Where(file => file is { LinkTarget: null, Length: > 0 }).OrderBy(file => file.Name, StringComparer.Ordinal)
            : [];

    private static string NameOf(GenerationTree tree, string path)
        => Path.GetRelativePath(tree.TftpDirectory, path) is var below && below == "." ? Places.TftpOf(tree.Id) : $"{Places.TftpOf(tree.Id)}/{below}";
}
