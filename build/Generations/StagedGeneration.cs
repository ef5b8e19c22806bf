using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>
/// A generation that is being put together: fill <see cref="RootDirectory"/>, <see cref="Seal"/> it, verify it, and
/// <see cref="Finish"/> it; or dispose of it, and nothing is left.
/// </summary>
internal sealed class StagedGeneration : IDisposable
{
    private readonly Places _places;
    private GenerationInfo? _info;
    private Manifest? _manifest;
    private Manifest? _tftp;
    private bool _done;

    internal StagedGeneration(GenerationTree staged, Places places)
    {
        Tree = staged;
        _places = places;
    }

    /// <summary>Where its parts stand now.</summary>
    public GenerationTree Tree { get; private set; }

    public string Id => Tree.Id;

    private GenerationInfo Sealed => _info ?? throw NotSealed();

    /// <summary>The manifest of its root, once it is sealed.</summary>
    public Manifest Manifest => _manifest ?? throw NotSealed();

    /// <summary>The root to unpack into and to edit; on the file system where it will stay, so that it is never copied.</summary>
    public string RootDirectory => Tree.Root;

    /// <summary>Adds the kernels and the rest, and takes the manifest. The root must not be edited after it.</summary>
    /// <param name="parts">What goes with the root.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <returns>The manifest of the root.</returns>
    /// <exception cref="BuildFailedException">A part is missing, or the disk is full.</exception>
    public Manifest Seal(GenerationParts parts, CancellationToken cancellation = default) => Guarded(() =>
    {
        // TFTP serves as nobody: modes are set and not left to the umask.
        foreach (var kernel in parts.Kernels)
        {
            Copy(kernel.Image, Tree.Kernels, kernel.FileName);
            Copy(kernel.Config, Tree.KernelFacts, kernel.FileName + ".config");
            Copy(kernel.SystemMap, Tree.KernelFacts, "System.map-" + kernel.Version);
        }

        if (parts.Hypervisor is { } hypervisor)
        {
            Copy(hypervisor.Image, Tree.Hypervisors, hypervisor.FileName);
        }

        if (parts.MicrocodeArchive is { } microcode)
        {
            Copy(microcode, Tree.TftpDirectory, GenerationTree.MicrocodeName);
            var none = Path.Combine(Tree.TftpDirectory, GenerationTree.NoInitrdName);
            NewcArchive.Write(none, [], []);
            File.SetUnixFileMode(none, PublicModes.File);
        }

        Copy(parts.PackageListFile, Tree.ImageDirectory, Path.GetFileName(Tree.PackageListFile));
        foreach (var (name, text) in parts.Extras)
        {
            var extra = Path.Combine(Tree.ImageDirectory, name);
            File.WriteAllText(extra, text);
            File.SetUnixFileMode(extra, PublicModes.File);
        }

        foreach (var directory in new[] { Tree.ImageDirectory, Tree.KernelFacts, Tree.TftpDirectory, Tree.Kernels, Tree.Hypervisors })
        {
            File.SetUnixFileMode(directory, PublicModes.Directory);
        }

        var manifest = _manifest = ManifestReader.Read(RootDirectory, cancellation);
        ManifestFile.Write(manifest, Tree.ManifestFile);
        _tftp = ManifestReader.Read(Tree.TftpDirectory, cancellation);
        ManifestFile.Write(_tftp, Tree.TftpManifestFile);
        _info = new GenerationInfo(
            Id,
            parts.RecipeName,
            parts.Key.Value,
            DateTimeOffset.UtcNow,
            [.. parts.Kernels.Select(kernel => kernel.FileName)],
            parts.Hypervisor?.FileName,
            manifest.Entries.Length,
            manifest.Bytes,
            parts.MicrocodeArchive is not null)
        {
            Materials = parts.Materials,
            Layers = [.. parts.Layers],
        };
        _info.Write(Tree);
        return manifest;
    });

    /// <summary>Gives a sealed generation the id of what it holds, in place of the one that it began with: the same content has the same id.</summary>
    public void NameByContent() => Guarded(() =>
    {
        var info = Sealed with { Id = GenerationContent.IdOf(Sealed.Recipe, Tree) };
        info.Write(Tree);
        _info = info;
        return Tree = Tree with { Id = info.Id };
    });

    /// <summary>
    /// Puts the generation in its place. The TFTP part goes first: an id in <see cref="Places.Generations"/> is what says
    /// that a generation is whole.
    /// </summary>
    /// <returns>Where it stands now.</returns>
    /// <exception cref="BuildFailedException">The disk is full, or something stands there already.</exception>
    public GenerationTree Finish() => Guarded(() =>
    {
        var finished = GenerationTree.Finished(_places, Sealed.Id);
        if (Path.Exists(finished.ImageDirectory))
        {
            throw new BuildFailedException(new Diagnostic($"'{finished.ImageDirectory}' is there already")
            {
                Hint = $"If '{finished.TftpDirectory}' is missing, it is damaged: when no client runs from it, delete both and build again",
            });
        }

        // Written out before too: what is only in RAM the kernel would have to write file by file.
        Durable.SyncTree(Tree.ImageDirectory);
        new GenerationSharing(_places).Share(Tree, Manifest, _tftp!);
        Durable.SyncTree(Tree.ImageDirectory);
        Durable.SyncTree(Tree.TftpDirectory);

        // Left by a build that was killed between the two renames below; no menu can name it.
        SafeDelete.Tree(finished.TftpDirectory);
        Durable.RenameAndSync(Tree.TftpDirectory, finished.TftpDirectory);
        Durable.RenameAndSync(Tree.ImageDirectory, finished.ImageDirectory);
        _done = true;
        return finished;
    });

    /// <summary>Deletes it unless it is finished.</summary>
    public void Dispose()
    {
        if (!_done)
        {
            // What cannot be deleted is told by the next build, which finds it.
            SafeDelete.Quietly(Tree.ImageDirectory);
            SafeDelete.Quietly(Tree.TftpDirectory);
            _done = true;
        }
    }

    private static void Copy(string source, string directory, string name)
    {
        if (name != Path.GetFileName(name) || name is "" or "." or "..")
        {
            throw new BuildFailedException(new Diagnostic($"'{name}' is not a file name") { Expected = "a name without slashes" });
        }

        var copy = Path.Combine(directory, name);
        File.Copy(source, copy, overwrite: true);
        File.SetUnixFileMode(copy, PublicModes.File);
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException problem) when (DiskSpace.Explain(problem, Tree.ImageDirectory) is { } full)
        {
            throw full;
        }
        catch (FileNotFoundException problem)
        {
            throw new BuildFailedException(new Diagnostic($"a part of generation {Id} is missing: '{problem.FileName}'"), problem);
        }
    }

    private static InvalidOperationException NotSealed() => new("A generation is sealed before it is named, verified or finished.");
}
