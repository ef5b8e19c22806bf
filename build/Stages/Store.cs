using Dom0Image.Posix;

namespace Dom0Image.Stages;

/// <summary>
/// The directory that keeps caches and finished stages, below <c>--store</c>. A finished stage is a directory
/// <c>stages/NAME/KEY</c> that is renamed into place when it is whole and is never edited afterwards.
/// </summary>
/// <param name="Root">Absolute path.</param>
public sealed record Store(string Root)
{
    /// <summary>Held by an flock(2) while a build runs; the kernel drops it when the process dies.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>Downloaded packages, by suite and architecture.</summary>
    public string Packages => Path.Combine(Root, "packages");

    /// <summary>The compiler cache.</summary>
    public string CompilerCache => Path.Combine(Root, "ccache");

    /// <summary>Kernel build trees, kept between builds so that a changed option compiles little.</summary>
    public string KernelTrees => Path.Combine(Root, "kernel-trees");

    /// <summary>Full logs of tools, a directory for each run.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Unfinished work. Whatever is here when a build takes the lock was left by one that died, and is deleted.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Finished stages.</summary>
    public string Stages => Path.Combine(Root, "stages");

    /// <summary>Where the finished output of a stage stands, or would stand.</summary>
    public string Finished(string stage, StageKey key) => Path.Combine(Stages, stage, key.Value);

    /// <summary>Deletes what builds that died left behind. Only while the lock is held.</summary>
    /// <returns>Paths of what was deleted.</returns>
    /// <exception cref="Dom0Image.Diagnostics.BuildFailedException">Something is mounted there.</exception>
    public IReadOnlyList<string> DeleteLeftovers()
    {
        string[] leftovers = Directory.Exists(Work) ? Directory.GetFileSystemEntries(Work) : [];
        foreach (var leftover in leftovers)
        {
            SafeDelete.Tree(leftover);
        }

        return leftovers;
    }
}
