namespace Dom0Image.Posix;

/// <summary>Numbers of devices, as makedev(3) of glibc puts them together.</summary>
internal static class DeviceNumber
{
    /// <summary>Such as <c>7:0</c>.</summary>
    public static string Of(ulong device)
    {
        var major = ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffUL);
        var minor = (device & 0xff) | ((device >> 12) & ~0xffUL);
        return $"{major}:{minor}";
    }
}
