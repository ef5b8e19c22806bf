using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>A program that lays base layers.</summary>
internal interface IBootstrapper
{
    /// <summary>Where it is.</summary>
    string Program { get; }

    /// <summary>Debian's package of it.</summary>
    string Package { get; }

    /// <summary>What it is needed for.</summary>
    string Purpose { get; }

    /// <summary>Whether it installs what apt chooses, so that apt can be asked before.</summary>
    bool AsksApt { get; }

    /// <summary>Makes the job's archive and package list.</summary>
    /// <param name="job">What is laid.</param>
    /// <param name="context">Tools.</param>
    /// <param name="onLine">Told each line of its output.</param>
    Task LayAsync(BootstrapJob job, StageContext context, Action<string> onLine);

    /// <summary>The program, on this machine.</summary>
    /// <exception cref="BuildFailedException">It is not installed.</exception>
    sealed string Installed() => File.Exists(Program) ? Program : throw new BuildFailedException(new Diagnostic($"{Program} is not there") { Hint = $"apt-get install {Package}" });
}
