using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>The TFTP server, which runs as nobody, can send every file, and GRUB can boot the hypervisor.</summary>
internal static class TftpRules
{
    public static IEnumerable<Finding> Check(GenerationTree tree)
    {
        var directory = new DirectoryInfo(tree.TftpDirectory);
        foreach (var entry in directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(directory).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            var name = $"{Places.TftpOf(tree.Id)}/{Path.GetRelativePath(tree.TftpDirectory, entry.FullName)}";
            var needed = entry is DirectoryInfo ? UnixFileMode.OtherRead | UnixFileMode.OtherExecute : UnixFileMode.OtherRead;
            if (entry.LinkTarget is { } target)
            {
                yield return new Finding("tftp", name, $"is a link to {target}, and generations hold plain files only");
            }
            else if ((entry.UnixFileMode & needed) != needed)
            {
                yield return new Finding("tftp", name, "can't be read by the TFTP server, which runs as nobody", $"chmod o+{(entry is DirectoryInfo ? "rx" : "r")}");
            }
            else if (entry is FileInfo { Length: 0 })
            {
                yield return new Finding("tftp", name, "is empty");
            }
        }

        foreach (var hypervisor in Directory.GetFiles(tree.Hypervisors).Where(file => !Multiboot2.HasHeader(file)))
        {
            yield return new Finding("hypervisor-image", $"/hypervisors/{Path.GetFileName(hypervisor)}", "has no Multiboot2 header: GRUB can't boot it");
        }
    }
}
