using System.Text;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>The directory that a base layer is made in, on the store's file system, so that packages can be hard links.</summary>
/// <param name="Root">Absolute path; deleted when the layer is done.</param>
internal sealed record BaseLayerScratch(string Root)
{
    /// <summary>Packages from the cache that may be used up.</summary>
    public string Packages => Path.Combine(Root, "packages");

    /// <summary>Packages that were used, for the cache.</summary>
    public string Fetched => Path.Combine(Root, "fetched");

    /// <summary>Temporary directory of the bootstrapper.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>Makes an empty one.</summary>
    public static BaseLayerScratch Make(BuildStore store, Recipe recipe)
    {
        var scratch = new BaseLayerScratch(Path.Combine(store.Work, $"bootstrap-{recipe.Name}-{Environment.ProcessId}"));
        SafeDelete.Tree(scratch.Root);
        // The bootstrapper leaves apt's settings where all could read them, and a proxy's address may hold a password.
        Directory.CreateDirectory(store.Work);
        Directory.CreateDirectory(scratch.Root, PrivateModes.Directory);
        Directory.CreateDirectory(scratch.Packages);
        Directory.CreateDirectory(scratch.Fetched);
        Directory.CreateDirectory(scratch.Temporary);
        return scratch;
    }

    /// <summary>Writes a file into it.</summary>
    public string Write(string name, string content, UnixFileMode mode)
    {
        var path = Path.Combine(Root, name);
        using (var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
        }

        // Whatever the umask is.
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
