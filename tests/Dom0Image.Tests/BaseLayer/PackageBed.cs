using Dom0Image.Archive;
using Dom0Image.Store;

namespace Dom0Image.Tests.BaseLayer;

/// <summary>Packages that dpkg-deb made, in a small signed archive, and a store for stages that read them.</summary>
internal sealed class PackageBed : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly SignedArchive _archive;

    public PackageBed()
    {
        _archive = new SignedArchive(_temp);
        (Context, _) = BaseLayerHelp.Context(_temp.Path);
    }

    public StageContext Context { get; }

    /// <summary>Fetches from the archive as it is now.</summary>
    public PackageFetcher Fetcher
        => new([new ArchiveSource(new Uri($"file://{_archive.Root}"), _archive.Suite, ["main"], _archive.Keyring)], "amd64", Context);

    /// <summary>Adds a package, version 1-1, whose files hold their names in parentheses.</summary>
    public void Add(string package, string directory, params string[] files)
    {
        foreach (var file in files)
        {
            _temp.Write($"{package}/{directory}/{file}", $"({file})");
        }

        _archive.Add(package, "1-1", _temp[package]);
    }

    public void Dispose()
    {
        _archive.Dispose();
        _temp.Dispose();
    }
}
