using System.Collections.Immutable;
using System.Text;
using Dom0Image.Archive;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// The initial RAM disk of a server guest: the modules that lead to its disk, and nothing that searches. Debian's own has all
/// drivers, and takes half a minute to unpack under translation.
/// </summary>
internal static class GuestRamDisk
{
    /// <summary>From Debian's <c>busybox-static</c>.</summary>
    public const string Busybox = "/usr/bin/busybox";

    private const string Init = """
        #!/bin/busybox sh
        /bin/busybox mount -t devtmpfs dev /dev
        for module in /modules/*; do
            /bin/busybox insmod "$module"
        done
        tries=0
        until [ -b /dev/vda ] || [ $tries -eq 100 ]; do
            tries=$((tries + 1))
            /bin/busybox usleep 100000
        done
        /bin/busybox mount -t ext4 -o ro /dev/vda /root || echo "server guest: no disk"
        /bin/busybox mount --move /dev /root/dev
        exec /bin/busybox switch_root /root /sbin/init

        """;

    private static readonly ImmutableArray<string> Modules = ["virtio_pci", "virtio_blk", "ext4"];

    /// <summary>Writes it.</summary>
    /// <param name="root">A tree with the kernel's modules.</param>
    /// <param name="release">The kernel's release.</param>
    /// <param name="file">The RAM disk.</param>
    /// <param name="context">Tools.</param>
    public static async Task WriteAsync(string root, string release, string file, StageContext context)
    {
        var modules = new List<string>();
        foreach (var module in Modules)
        {
            // "insmod PATH [OPTIONS]", what is needed first; a word of its own for what is built in.
            var needs = await context.RunAsync(new ToolCommand("modprobe", "--dirname", root, "--set-version", release, "--show-depends", module));
            modules.AddRange(needs.Lines.Select(l => l.Split(' ')).Where(w => w[0] == "insmod").Select(w => w[1]));
        }

        var files = new List<(string Path, byte[] Content)> { ("init", Encoding.ASCII.GetBytes(Init)), ("bin/busybox", File.ReadAllBytes(Busybox)) };
        foreach (var module in modules.Distinct())
        {
            // A glob's order is the names' order.
            files.Add(($"modules/{files.Count:D2}.ko", await ReadAsync(module, Path.GetDirectoryName(file)!, context)));
        }

        NewcArchive.Write(file, ["bin", "dev", "modules", "root"], files);
    }

    // Debian 13 has them under xz, and busybox's insmod knows no such thing.
    private static async Task<byte[]> ReadAsync(string module, string work, StageContext context)
    {
        if (!module.EndsWith(".xz", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(module);
        }

        var copy = Path.Combine(work, "module.ko");
        File.Copy(module, copy + ".xz");
        await context.RunAsync(new ToolCommand("xz", "--decompress", copy + ".xz"));
        var content = File.ReadAllBytes(copy);
        File.Delete(copy);
        return content;
    }
}
