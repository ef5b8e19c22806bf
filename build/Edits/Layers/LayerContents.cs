using Dom0Image.Posix;

namespace Dom0Image.Edits.Layers;

/// <summary>Writes the contents of a layer that is being made.</summary>
internal static class LayerContents
{
    /// <summary>Copies a file's content under its sum; what is there already is the same.</summary>
    /// <param name="layer">The layer's directory.</param>
    /// <param name="sha256">Sum of the content, in 64 hex digits.</param>
    /// <param name="file">The file.</param>
    public static void Put(string layer, string sha256, FileNode file)
    {
        var place = Path.Combine(layer, KeptLayer.Contents, sha256);
        if (FileNode.Find(place) is not null)
        {
            return;
        }

        using var source = new FileStream(file.Open(), FileAccess.Read);
        using var target = new FileStream(FileChange.OpenNew(place, (int)PrivateModes.File), FileAccess.Write);
        source.CopyTo(target);
    }
}
