using Dom0Image.RootFs.Flash;

namespace Dom0Image.RootFs.RamTree;

/// <summary>The device nodes that a client needs before its udev runs, for suites whose kernels make none themselves.</summary>
internal static class DeviceArchive
{
    /// <summary>Writes them to <see cref="FlashPaths.Devices"/>. Numbers are those of the kernel's devices.txt.</summary>
    public static void Write(string root)
    {
        using var stream = RamTreeArchive.Create(root, FlashPaths.Devices);
        using var writer = new RamTarWriter(stream);
        writer.AddDirectory("./", 0b111_101_101);
        writer.AddDirectory("./pts/", 0b111_101_101);
        writer.AddDirectory("./shm/", 0b001_111_111_111);
        (string Name, uint Major, uint Minor, int Mode)[] nodes =
        [
            ("console", 5, 1, 0b110_000_000),
            ("full", 1, 7, 0b110_110_110),
            ("kmsg", 1, 11, 0b110_000_000),
            ("null", 1, 3, 0b110_110_110),
            ("ptmx", 5, 2, 0b110_110_110),
            ("random", 1, 8, 0b110_110_110),
            ("tty", 5, 0, 0b110_110_110),
            ("ttyS0", 4, 64, 0b110_110_000),
            ("urandom", 1, 9, 0b110_110_110),
            ("zero", 1, 5, 0b110_110_110),
            .. Enumerable.Range(0, 7).Select(number => ($"tty{number}", 4u, (uint)number, 0b110_000_000)),
        ];
        foreach (var (name, major, minor, mode) in nodes)
        {
            writer.AddDevice($"./{name}", major, minor, mode);
        }
    }
}
