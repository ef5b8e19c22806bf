using Dom0Image.Generations;

namespace Dom0Image.Status;

/// <summary>
/// What the kernel's NFS server notes of mounts, in <c>/var/lib/nfs/rmtab</c>: a line for each client and directory, in no order of
/// time, and a client that is switched off takes none back. nfs-ganesha notes nothing.
/// </summary>
internal static class MountNotes
{
    /// <summary>Where the server keeps it.</summary>
    public const string File = "/var/lib/nfs/rmtab";

    /// <summary>Generations that clients mounted, by the clients' addresses or names.</summary>
    /// <param name="file">The server's notes; null for none.</param>
    public static ILookup<string, string> Read(string? file)
        => Lines(file).Select(Mount).OfType<(string Client, string Generation)>().Distinct().ToLookup(mount => mount.Client, mount => mount.Generation);

    private static string[] Lines(string? file)
    {
        try
        {
            return file is null ? [] : System.IO.File.ReadAllLines(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Without notes nothing is known, which is what is then told.
            return [];
        }
    }

    // 192.0.2.7:/opt/ondemand/generations/ID/root:0x00000001
    private static (string Client, string Generation)? Mount(string line)
    {
        const string Start = ":" + Places.Generations + "/";
        var at = line.IndexOf(Start, StringComparison.Ordinal);
        return at > 0 && line[(at + Start.Length)..].Split('/', ':') is [{ Length: > 0 } generation, "root", ..] ? (line[..at], generation) : null;
    }
}
