using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Extended attributes; ACLs and capabilities are some of them. Links are not followed.</summary>
internal static class ExtendedAttributes
{
    /// <summary>All that can be read, in ordinal order of names; none where the file system has none.</summary>
    public static IReadOnlyList<(string Name, byte[] Value)> Of(string path)
    {
        if (Syscall.llistxattr(path, out string[] names) < 0 || names.Length == 0)
        {
            return [];
        }

        var attributes = new List<(string, byte[])>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (Syscall.lgetxattr(path, name, out var value) >= 0)
            {
                attributes.Add((name, value));
            }
        }

        return attributes;
    }

    public static void Remove(string path, string name)
        => PosixFailure.ThrowIf(Syscall.lremovexattr(path, name), $"cannot remove {name} of '{path}'");

    public static void Set(string path, string name, byte[] value)
        => PosixFailure.ThrowIf(Syscall.lsetxattr(path, name, value), $"cannot set {name} of '{path}'");
}
