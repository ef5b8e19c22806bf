using Dom0Image.Posix;

namespace Dom0Image.Tests;

/// <summary>A directory of a test's own, gone when the test is over.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dom0image-test-").FullName;

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a file below it, with the directories that lead there; gives its path.</summary>
    public string Write(string relative, string content = "")
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Makes a directory below it; gives its path.</summary>
    public string Make(string relative) => Directory.CreateDirectory(this[relative]).FullName;

    public void Dispose() => SafeDelete.Tree(Path);
}
