using System.Security.Cryptography;

namespace Dom0Image.Boot;

/// <summary>Knows configuration files that are as a Debian package brought them: nobody's work is lost when they are replaced.</summary>
/// <param name="Database">The directory of dpkg's and ucf's records, <c>/var/lib</c>.</param>
public sealed record PackagedFiles(string Database = "/var/lib")
{
    /// <summary>Whether a package put this content at this place.</summary>
    /// <param name="place">Absolute path as the package knows it.</param>
    /// <param name="content">What stands there.</param>
    public bool IsUntouched(string place, byte[] content)
    {
        // dpkg and ucf keep MD5 sums; nothing is trusted because of one but that a default may be replaced.
#pragma warning disable CA5351
        var sum = Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
        return HasLine(Path.Combine(Database, "dpkg/status"), $"{place} {sum}")
            || HasLine(Path.Combine(Database, "ucf/hashfile"), $"{sum}  {place}");
    }

    private static bool HasLine(string file, string line)
        => File.Exists(file) && File.ReadLines(file).Any(l => l.Trim() == line);
}
