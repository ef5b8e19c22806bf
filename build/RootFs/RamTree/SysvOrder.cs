using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.RootFs.RamTree;

/// <summary>Registers our scripts with a System V init, after /proc is mounted and before udev and all that writes.</summary>
internal static class SysvOrder
{
    private const string Boot = "/etc/rcS.d";
    private const string Depend = "/etc/init.d/.depend.boot";

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
                Isolation = Isolation.Processes,
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
        foreach (var name in Links(root).Where(name => IsOf(name, RamTreeScripts.RamTree) || IsOf(name, RamTreeScripts.Identity)))
        {
            FileChange.Delete(ContainedPath.ResolveName(root, $"{Boot}/{name}"));
        }

        ImageDirectory.Ensure(root, Boot);
        FileChange.MakeLink(ContainedPath.ResolveName(root, $"{Boot}/S{number}z-{RamTreeScripts.RamTree}"), $"../init.d/{RamTreeScripts.RamTree}");
        FileChange.MakeLink(ContainedPath.ResolveName(root, $"{Boot}/S99{RamTreeScripts.Identity}"), $"../init.d/{RamTreeScripts.Identity}");
    }

    private static void Check(string root)
    {
        if (NotStarted(root, RamTreeScripts.RamTree) is { } missing)
        {
            throw Failure(missing);
        }

        if (Early(root) is { } early)
        {
            throw Failure(early);
        }

        static BuildFailedException Failure(string what) => new(new Diagnostic($"the image's {what}")
        {
            Hint = "Scripts that are started earlier would write to the read-only root; look at their LSB headers",
        });
    }

    /// <summary>Why a script of ours is not started at boot; null when it is.</summary>
    public static string? NotStarted(string root, string service)
    {
        if (Links(root).FirstOrDefault(name => IsOf(name, service)) is not { } link)
        {
            return $"{Boot} does not start {service}";
        }

        // Where there is startpar it starts what insserv wrote there, and does not look at the links.
        var started = ContainedPath.Resolve(root, $"{Boot}/{link}");
        return started != ContainedPath.Resolve(root, $"/etc/init.d/{service}") || FileNode.Find(started) is not { IsFile: true } ? $"{Boot}/{link} does not lead to /etc/init.d/{service}"
            : FileNode.Find(ContainedPath.Resolve(root, Depend)) is { IsFile: true } order && !Targets(order).Contains(service) ? $"{Depend}, which tells what is started at boot, does not name {service}"
            : null;
    }

    /// <summary>What is started too early for the RAM tree, or before it though it needs it; null when the order is right.</summary>
    public static string? Early(string root)
    {
        var links = Links(root);
        var ours = links.FindIndex(name => IsOf(name, RamTreeScripts.RamTree));
        var identity = links.FindIndex(name => IsOf(name, RamTreeScripts.Identity));

        // What suites without insserv start earlier (the host's name, a look at the kernel's version) writes nothing.
        var early = links.FirstOrDefault(name => ours >= 0 && string.CompareOrdinal(name[..3], links[ours][..3]) <= 0
            && name != links[ours] && !IsKernel(Script(name)) && Script(name) is not ("hostname.sh" or "glibc.sh"));
        return early is null && (ours < 0 || identity < 0 || identity > ours) ? null : $"{Boot} starts {early ?? links[identity]} before or beside {links[ours]}";
    }

    // "TARGETS = a b c"
    private static string[] Targets(FileNode order)
        => File.ReadLines(order.Path).FirstOrDefault(line => line.StartsWith("TARGETS", StringComparison.Ordinal))?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static bool IsOf(string link, string service) => Script(link).EndsWith(service, StringComparison.Ordinal);

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
