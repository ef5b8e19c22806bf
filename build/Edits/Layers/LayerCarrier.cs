using System.Collections.Immutable;
using System.Security.Cryptography;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Layers;

/// <summary>Carries layers to a repository, to CI or to another server, and takes them in again.</summary>
/// <param name="store">The recipe's layers.</param>
internal sealed class LayerCarrier(LayerStore store)
{
    /// <summary>Copies all layers into a directory, each below its name; one that is there already is replaced.</summary>
    /// <returns>Their names.</returns>
    public ImmutableArray<string> Export(string directory)
    {
        var layers = store.List();
        Directory.CreateDirectory(directory);
        foreach (var layer in layers)
        {
            var made = Path.Combine(directory, $".new-{layer.Layer.Name}");
            SafeDelete.Tree(made);
            FileChange.MakeDirectory(made, (int)PrivateModes.Directory);
            FileChange.MakeDirectory(Path.Combine(made, KeptLayer.Contents), (int)PrivateModes.Directory);
            Copy(layer, made);
            FileChange.MakeFile(Path.Combine(made, KeptLayer.FileName), KeptLayer.Write(layer.Layer), (int)PrivateModes.File);
            Durable.SyncTree(made);
            var place = Path.Combine(directory, layer.Layer.Name);
            SafeDelete.Tree(place);
            Durable.RenameAndSync(made, place);
        }

        return [.. layers.Select(layer => layer.Layer.Name)];
    }

    /// <summary>Takes in the layers of a directory that are not here yet. Only while locked.</summary>
    /// <returns>The names of those that were taken in.</returns>
    /// <exception cref="BuildFailedException">One is damaged, is another recipe's, or has the name of one that differs; none was taken in then.</exception>
    public ImmutableArray<string> Import(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new BuildFailedException(new Diagnostic($"there is no directory '{directory}'") { Expected = "one that --target=Edits --export wrote" });
        }

        ImmutableArray<KeptLayer> brought = [.. Directory.GetDirectories(directory).Where(path => File.Exists(Path.Combine(path, KeptLayer.FileName))).Order(StringComparer.Ordinal).Select(KeptLayer.Read)];
        var here = store.List().ToDictionary(layer => layer.Layer.Name);
        var problems = brought.SelectMany(layer => Problems(layer, here)).ToList();
        if (problems.Count > 0)
        {
            throw new BuildFailedException(problems);
        }

        ImmutableArray<KeptLayer> fresh = [.. brought.Where(layer => !here.ContainsKey(layer.Layer.Name))];
        foreach (var layer in fresh)
        {
            store.Keep(layer.Layer, staged => Copy(layer, staged));
        }

        return [.. fresh.Select(layer => layer.Layer.Name)];
    }

    private IEnumerable<Diagnostic> Problems(KeptLayer layer, Dictionary<string, KeptLayer> here)
    {
        var (name, where) = (layer.Layer.Name, layer.Directory);
        if (layer.Layer.Recipe != store.Recipe)
        {
            yield return new Diagnostic($"the layer in '{where}' is one of recipe {layer.Layer.Recipe}, and this run is about {store.Recipe}") { Hint = $"Add --recipe={layer.Layer.Recipe}" };
        }

        if (name != Path.GetFileName(where) || name.StartsWith('.') || name.Contains('/'))
        {
            yield return new Diagnostic($"the layer in '{where}' calls itself '{name}'") { Expected = "the name of its directory" };
        }

        if (here.TryGetValue(name, out var other) && !KeptLayer.Write(layer.Layer).AsSpan().SequenceEqual(KeptLayer.Write(other.Layer)))
        {
            yield return new Diagnostic($"the layer in '{where}' is another one than {name} here ({other.Layer.Why})") { Hint = $"Drop the one, --target=Edits --drop={name}, or give the other a name that is free, in its layer.json and its directory" };
        }

        foreach (var sum in layer.Layer.ContentSums.Where(sum => !IsWhole(layer.ContentOf(sum), sum)))
        {
            yield return new Diagnostic($"'{layer.ContentOf(sum)}' is missing or damaged") { Expected = "a file whose SHA-256 is its name" };
        }
    }

    private static bool IsWhole(string file, string sum)
    {
        if (FileNode.Find(file) is not { IsFile: true } node)
        {
            return false;
        }

        using var stream = new FileStream(node.Open(), FileAccess.Read);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == sum;
    }

    private static void Copy(KeptLayer layer, string target)
    {
        foreach (var sum in layer.Layer.ContentSums)
        {
            LayerContents.Put(target, sum, FileNode.Get(layer.ContentOf(sum)));
        }

        if (FileNode.Find(Path.Combine(layer.Directory, KeptLayer.Log)) is { IsFile: true } log)
        {
            FileChange.MakeFile(Path.Combine(target, KeptLayer.Log), log.ReadAllBytes(), (int)PrivateModes.File);
        }
    }
}
