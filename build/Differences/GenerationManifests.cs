using Dom0Image.Generations;

namespace Dom0Image.Differences;

/// <summary>What a generation's manifests say.</summary>
/// <param name="Root">Of its root.</param>
/// <param name="Served">Of what TFTP serves of it; null for one that was built before there was such a manifest.</param>
internal sealed record GenerationManifests(Manifest Root, Manifest? Served)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">One is missing or damaged; names the file.</exception>
    public static GenerationManifests Read(GenerationTree tree)
        => new(ManifestFile.Read(tree.ManifestFile), File.Exists(tree.TftpManifestFile) ? ManifestFile.Read(tree.TftpManifestFile) : null);
}
