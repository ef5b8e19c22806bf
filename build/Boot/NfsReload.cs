namespace Dom0Image.Boot;

/// <summary>
/// The commands by which a running NFS server takes up what it is to export now, such as one more host. None of them ends a
/// client: each goes on with the handles that it has.
/// </summary>
internal static class NfsReload
{
    /// <summary>For the kernel's server.</summary>
    public const string Exports = "exportfs -ra";

    /// <summary>For the kernel's server, when it is to listen elsewhere.</summary>
    public const string Settings = "systemctl restart nfs-server";

    private const string FirstExport = "EXPORT {";

    /// <summary>For nfs-ganesha, which reads exports again when it is told to, and all else only when it starts.</summary>
    /// <param name="before">The file that it has read; null for none.</param>
    /// <param name="after">The new one.</param>
    public static string Ganesha(string? before, string after)
        => before is not null && SettingsOf(before) == SettingsOf(after) ? "systemctl reload nfs-ganesha" : "systemctl restart nfs-ganesha";

    // What is between the mark, which has a digest of all, and the exports.
    private static string SettingsOf(string text)
    {
        var settings = text.Split(FirstExport)[0];
        return settings[(settings.IndexOf('\n') + 1)..];
    }
}
