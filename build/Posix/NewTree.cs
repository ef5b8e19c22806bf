namespace Dom0Image.Posix;

/// <summary>
/// A new tree of files and links for all to read, written name by name. Links with the same target are one link with several
/// names, wherever they stand: a name costs a file system less than a link does, to make, to write out and to delete.
/// </summary>
internal sealed class NewTree : IDisposable
{
    private readonly Dictionary<string, OpenDirectory> _directories = [];
    private readonly Dictionary<string, (OpenDirectory Directory, string Name)> _links = [];

    /// <summary>Makes the tree's root, and what is missing on the way there.</summary>
    /// <exception cref="IOException">Something is there already.</exception>
    public NewTree(string root)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root)!);
        FileChange.MakeDirectory(root, (int)PublicModes.Directory);
        _directories.Add("", OpenDirectory.Open(root));
    }

    /// <summary>Makes a directory, and those on the way there, unless they are there.</summary>
    /// <param name="path">Relative to the root.</param>
    public void AddDirectory(string path) => DirectoryAt(path);

    /// <summary>Makes a file.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content)
        => DirectoryAt(Path.GetDirectoryName(path)!).MakeFile(Path.GetFileName(path), content, PublicModes.File);

    /// <summary>Makes a symbolic link.</summary>
    public void AddLink(string path, string target)
    {
        var (directory, name) = (DirectoryAt(Path.GetDirectoryName(path)!), Path.GetFileName(path));
        if (!_links.TryGetValue(target, out var same) || !directory.TryMakeName(name, same.Directory, same.Name))
        {
            directory.MakeLink(name, target);
            _links[target] = (directory, name);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var directory in _directories.Values)
        {
            directory.Dispose();
        }
    }

    private OpenDirectory DirectoryAt(string path)
    {
        if (!_directories.TryGetValue(path, out var directory))
        {
            directory = DirectoryAt(Path.GetDirectoryName(path)!).MakeDirectory(Path.GetFileName(path), PublicModes.Directory);
            _directories.Add(path, directory);
        }

        return directory;
    }
}
