using System.Globalization;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Numbers of devices, as makedev(3) of glibc puts them together: each part is in two pieces.</summary>
internal static class DeviceNumber
{
    public static uint Major(ulong device) => (uint)(((device >> 8) & 0xfff) | ((device >> 32) & 0xfffff000));

    public static uint Minor(ulong device) => (uint)((device & 0xff) | ((device >> 12) & 0xffffff00));

    /// <summary>Such as <c>7:0</c>.</summary>
    public static string Of(ulong device) => $"{Major(device)}:{Minor(device)}";

    /// <summary>The number that <see cref="Of"/> gives such a text for.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ulong Parse(string text) => text.Split(':') is [var major, var minor]
        ? Join(uint.Parse(major, CultureInfo.InvariantCulture), uint.Parse(minor, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is no device's number");

    private static ulong Join(ulong major, ulong minor) => ((major & 0xfff) << 8) | ((major & 0xfffff000) << 32) | (minor & 0xff) | ((minor & 0xffffff00) << 12);

    /// <summary>The number of the block device at a path, links followed; null where there is none.</summary>
    public static string? OfBlockDevice(string path)
        => Syscall.stat(path, out var status) == 0 && FileNode.TypeOf(status.st_mode) == FileType.BlockDevice ? Of(status.st_rdev) : null;
}
