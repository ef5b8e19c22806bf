namespace Dom0Image.Archive;

/// <summary>
/// Names of package files as apt and debootstrap give them: <c>passwd_1%3a4.17_amd64.deb</c>. A colon, which some file systems do
/// not take, is written as in an address; a version has no other sign that would be.
/// </summary>
internal static class DebFileName
{
    private const string Extension = ".deb";

    /// <summary>The name of a package's file.</summary>
    public static string Of(string package, string version, string architecture)
        => $"{package}_{version.Replace(":", "%3a", StringComparison.Ordinal)}_{architecture}{Extension}";

    /// <summary>What a name says; null when it is none.</summary>
    public static (string Package, string Version, string Architecture)? Parse(string name)
        => name.EndsWith(Extension, StringComparison.Ordinal) && name[..^Extension.Length].Split('_') is [var package, var version, var architecture]
            ? (package, Uri.UnescapeDataString(version), architecture)
            : null;
}
