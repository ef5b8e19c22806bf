using System.Collections.Immutable;
using Dom0Image.BootLab.Network;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Servers;

/// <summary>
/// The <c>/</c> of the servers: this machine's programs, and in place of its published files those that are tested.
/// The mounts exist in the lab's namespace only; on this machine it is a directory of empty directories.
/// </summary>
internal sealed class LabRoot
{
    /// <summary>Where the servers find the configuration that was generated: <c>PREFIX/etc</c>.</summary>
    public const string Configuration = "/site-etc";

    private static readonly string[] Directories = ["dev", "etc", "proc", "run", "tmp", "usr", "var"];

    private static readonly string[] Devices = ["null", "zero", "random", "urandom"];

    private LabRoot(string directory) => Directory = directory;

    /// <summary>The directory, on this machine.</summary>
    public string Directory { get; }

    /// <summary>Socket that takes the place of <c>/dev/log</c>, on this machine.</summary>
    public string SyslogSocket => Path.Combine(Directory, "run", "syslog");

    /// <summary>Lays the directories out and mounts what belongs there.</summary>
    /// <param name="inside">Namespace that the mounts live in.</param>
    /// <param name="directory">An empty directory.</param>
    /// <param name="mounts">What is served, parents before children.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task<LabRoot> CreateAsync(LabNamespace inside, string directory, ImmutableArray<LabMount> mounts, CancellationToken cancellation)
    {
        foreach (var name in Directories)
        {
            System.IO.Directory.CreateDirectory(Path.Combine(directory, name));
        }

        var root = new LabRoot(directory);
        root.LinkSystem();
        await inside.RunAsync(new ToolCommand("mount", "-t", "proc", "proc", root.At("/proc")), cancellation).ConfigureAwait(false);
        LabMount[] system = [new("/usr", "/usr"), new("/etc", "/etc"), .. Devices.Select(d => new LabMount($"/dev/{d}", $"/dev/{d}", Writable: true))];
        foreach (var mount in system.Concat(mounts))
        {
            root.MakeMountPoint(mount);
            await inside.RunAsync(new ToolCommand("mount", "--bind", "-o", mount.Writable ? "rw" : "ro", mount.Source, root.At(mount.Target)), cancellation).ConfigureAwait(false);
        }

        return root;
    }

    private string At(string path) => Directory + path;

    private void LinkSystem()
    {
        File.CreateSymbolicLink(At("/var/run"), "/run");
        File.CreateSymbolicLink(At("/dev/log"), "/run/syslog");
        foreach (var name in new[] { "bin", "sbin", "lib", "lib32", "lib64" })
        {
            if (new DirectoryInfo($"/{name}") is { LinkTarget: { } target })
            {
                File.CreateSymbolicLink(At($"/{name}"), target);
            }
        }
    }

    private void MakeMountPoint(LabMount mount)
    {
        var target = At(mount.Target);
        if (Path.Exists(target))
        {
            return;
        }

        if (System.IO.Directory.Exists(mount.Source))
        {
            System.IO.Directory.CreateDirectory(target);
        }
        else
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, []);
        }
    }
}
