using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Differences;

/// <summary>How large two generations are: on the server's disk, over TFTP, in a client's RAM.</summary>
internal static class SizePairs
{
    /// <summary>The sizes, in bytes but for the number of files.</summary>
    public static ImmutableArray<SizePair> Of(GenerationManifests before, GenerationManifests after) =>
    [
        new("root", before.Root.Bytes, after.Root.Bytes),
        new("files and directories in the root", before.Root.Entries.Length, after.Root.Entries.Length),
        .. Pair("kernels", Below(before.Served, "/kernels/"), Below(after.Served, "/kernels/")),
        .. Pair("hypervisor", Below(before.Served, "/hypervisors/"), Below(after.Served, "/hypervisors/")),
        .. Pair("microcode", Below(before.Served, $"/{GenerationTree.MicrocodeName}"), Below(after.Served, $"/{GenerationTree.MicrocodeName}")),
        .. Pair("archive that clients unpack into RAM", Below(before.Root, FlashPaths.RamTree), Below(after.Root, FlashPaths.RamTree)),
    ];

    private static ImmutableArray<SizePair> Pair(string what, long? before, long? after) => before is null && after is null ? [] : [new SizePair(what, before, after)];

    private static long? Below(Manifest? manifest, string path)
    {
        long?[] sizes = [.. manifest?.Entries.Where(entry => entry.Path.StartsWith(path, StringComparison.Ordinal)).Select(entry => entry.Size).Where(size => size is not null) ?? []];
        return sizes.Length == 0 ? null : sizes.Sum();
    }
}
