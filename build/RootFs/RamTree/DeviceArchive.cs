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
        writer.AddDirectory("./", 0x1ED); // 0755
        writer.AddDirectory("./pts/", 0x1ED);
        writer.AddDirectory("./shm/", 0x3FF); // 1777
        (string Name, int Major, int Minor, int Mode)[] nodes =
        [
            ("console", 5, 1, 0x180), // 0600
            ("full", 1, 7, 0x1B6), // 0666
            ("kmsg", 1, 11, 0x180),
            ("null", 1, 3, 0x1B6),
            ("ptmx", 5, 2, 0x1B6),
            ("random", 1, 8, 0x1B6),
            ("tty", 5, 0, 0x1B6),
            ("ttyS0", 4, 64, 0x1B0), // 0660
            ("urandom", 1, 9, 0x1B6),
            ("zero", 1, 5, 0x1B6),
            .. Enumerable.Range(0, 7).Select(number => ($"tty{number}", 4, number, 0x180)),
        ];
        foreach (var (name, major, minor, mode) in nodes)
        {
            writer.AddDevice($"./{name}", major, minor, mode);
        }
    }
}
