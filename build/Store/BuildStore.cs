using Dom0Image.Posix;

namespace Dom0Image.Store;

/// <summary>
/// The directory that keeps caches and finished stages, below <c>--store</c>. A finished stage is a directory
/// <c>stages/NAME/KEY</c> that is renamed into place when it is whole and is never edited afterwards.
/// </summary>
/// <param name="Root">Absolute path.</param>
internal sealed record BuildStore(string Root)
{
    private const string AptStatePrefix = "apt-";

    /// <summary>Held by an flock(2) while a build runs; the kernel drops it when the process dies.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>Downloaded packages, and what apt knows of archives.</summary>
    public string Packages => Path.Combine(Root, "packages");

    /// <summary>Packages that were downloaded one by one: <c>files/AB/SHA256/NAME.deb</c>.</summary>
    public string PackageFiles => Path.Combine(Packages, "files");

    /// <summary>The caches of base layers' packages that there are, as <see cref="PackageCache"/> names them.</summary>
    public IEnumerable<string> PackageCaches => PackageDirectories.Where(directory => directory != PackageFiles && !IsAptState(directory));

    /// <summary>The states of apt that there are, as <see cref="AptState"/> names them.</summary>
    public IEnumerable<string> AptStates => PackageDirectories.Where(IsAptState);

    public string CompilerCache => Path.Combine(Root, "ccache");

    /// <summary>Kernel build trees, kept between builds so that a changed option compiles little.</summary>
    public string KernelTrees => Path.Combine(Root, "kernel-trees");

    /// <summary>Full logs of tools, a directory for each run.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Unfinished work. Whatever is here when a build takes the lock was left by one that died, and is deleted.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Finished stages.</summary>
    public string Stages => Path.Combine(Root, "stages");

    /// <summary>Where packages of a suite's base layers are kept.</summary>
    public string PackageCache(string suite, string architecture) => Path.Combine(Packages, $"{suite}-{architecture}");

    /// <summary>Where apt keeps what it knows of some sources.</summary>
    public string AptState(StageKey sources) => Path.Combine(Packages, $"{AptStatePrefix}{sources.Short}");

    /// <summary>Where the finished output of a stage stands, or would stand.</summary>
    public string Finished(string stage, StageKey key) => Path.Combine(Stages, stage, key.Value);

    /// <summary>Deletes what builds that died left behind. Only while the lock is held.</summary>
    /// <param name="tell">Told of what cannot be deleted and is set aside.</param>
    /// <returns>Paths of what was deleted.</returns>
    public IReadOnlyList<string> DeleteLeftovers(Action<string>? tell = null)
        => Leftovers.Delete(Leftovers.In(Work).Where(path => !SafeDelete.IsSetAside(Path.GetFileName(path))), tell);

    private string[] PackageDirectories => Directory.Exists(Packages) ? Directory.GetDirectories(Packages) : [];

    private static bool IsAptState(string directory) => Path.GetFileName(directory).StartsWith(AptStatePrefix, StringComparison.Ordinal);
}
