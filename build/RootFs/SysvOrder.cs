using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Stages;

namespace Dom0Image.RootFs;

/// <summary>Registers our scripts with a System V init, after /proc is mounted and before udev and all that writes.</summary>
internal static class SysvOrder
{
    private const string Boot = "/etc/rcS.d";

    private static readonly ImmutableArray<string> InsservPlaces = ["/usr/sbin/insserv", "/sbin/insserv"];

    /// <summary>
    /// What the image's init starts at boot before any runlevel, as the scripts' headers name it: whatever it is, it must
    /// find the writable paths writable. Without what mounts /proc, and without our own.
    /// </summary>
    public static IEnumerable<string> StartedAtBoot(string root)
        => Links(root).Select(Script)
            .Where(script => !IsKernel(script) && !script.EndsWith(RamTreeScripts.RamTree, StringComparison.Ordinal))
            .SelectMany(script => Provides(root, script))
            .Order(StringComparer.Ordinal);

    /// <summary>Makes the links of /etc/rcS.d: by the image's own insserv, which also keeps the order for parallel starts, else by hand.</summary>
    public static async Task RegisterAsync(StageContext context, string root)
    {
        if (Insserv(root) is not { } insserv)
        {
            LinkByHand(root);
        }
        else
        {
            await context.RunAsync(new ToolCommand("chroot", root, insserv, RamTreeScripts.RamTree, RamTreeScripts.Identity)
            {
                Isolated = true,
                Hint = "insserv of the image did not take the RAM-tree scripts; the LSB headers of its /etc/init.d may contradict each other",
            }).ConfigureAwait(false);
        }

        Check(root);
    }

    /// <summary>Path in the image of what keeps its scripts' order; null in suites before it.</summary>
    public static string? Insserv(string root) => InsservPlaces.FirstOrDefault(path => ContainedPath.Exists(root, path));

    // Suites before insserv: order is that of the links' names, one after the other.
    private static void LinkByHand(string root)
    {
        var kernel = Links(root).FirstOrDefault(name => IsKernel(Script(name)));
        var number = kernel is null ? "01" : kernel[1..3];
        foreach (var name in Links(root).Where(name => Script(name) is var script && (script.EndsWith(RamTreeScripts.RamTree, StringComparison.Ordinal) || script.EndsWith(RamTreeScripts.Identity, StringComparison.Ordinal))))
        {
            FileChange.Delete(ContainedPath.ResolveName(root, $"{Boot}/{name}"));
        }

        ImageDirectory.Ensure(root, Boot);
        FileChange.MakeLink(ContainedPath.ResolveName(root, $"{Boot}/S{number}z-{RamTreeScripts.RamTree}"), $"../init.d/{RamTreeScripts.RamTree}");
        FileChange.MakeLink(ContainedPath.ResolveName(root, $"{Boot}/S99{RamTreeScripts.Identity}"), $"../init.d/{RamTreeScripts.Identity}");
    }

    // What suites without insserv start earlier (the host's name, a look at the kernel's version) writes nothing.
    private static void Check(string root)
    {
        var links = Links(root);
        var ours = links.FindIndex(name => Script(name).EndsWith(RamTreeScripts.RamTree, StringComparison.Ordinal));
        var early = links.FirstOrDefault(name => ours >= 0 && string.CompareOrdinal(name[..3], links[ours][..3]) <= 0
            && name != links[ours] && !IsKernel(Script(name)) && Script(name) is not ("hostname.sh" or "glibc.sh"));
        if (ours < 0 || early is not null)
        {
            throw new BuildFailedException(new Diagnostic(
                ours < 0 ? $"the image's {Boot} does not start {RamTreeScripts.RamTree}" : $"the image's {Boot} starts {early} before or beside {links[ours]}")
            {
                Hint = "Scripts that are started earlier would write to the read-only root; look at their LSB headers",
            });
        }
    }

    // An LSB header's "# Provides: a b".
    private static string[] Provides(string root, string script)
    {
        const string Key = "# Provides:";
        var path = ContainedPath.Resolve(root, $"/etc/init.d/{script}");
        var line = FileNode.Find(path) is { IsFile: true }
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line is null ? [] : line[Key.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsKernel(string script) => script.StartsWith("mountkernfs", StringComparison.Ordinal);

    // In the order in which they are started.
    private static List<string> Links(string root)
    {
        var directory = ContainedPath.Resolve(root, Boot);
        return FileNode.Find(directory) is { IsDirectory: true } found
            ? [.. found.Children().Select(node => Path.GetFileName(node.Path)).Where(name => name.Length > 3 && name[0] == 'S')]
            : [];
    }

    private static string Script(string link) => link[3..];
}
