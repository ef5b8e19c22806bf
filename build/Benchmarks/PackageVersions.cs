using System.Collections.Immutable;
using Dom0Image.HostTools;

namespace Dom0Image.Benchmarks;

/// <summary>Versions of this machine's packages.</summary>
internal static class PackageVersions
{
    /// <summary>Names and versions; one that is not installed is left out.</summary>
    public static ImmutableArray<string> Of(params string[] packages)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        var package = "";
        foreach (var line in File.ReadLines(DpkgStatus.File))
        {
            if (line.StartsWith("Package: ", StringComparison.Ordinal))
            {
                package = line["Package: ".Length..];
            }
            else if (line.StartsWith("Version: ", StringComparison.Ordinal))
            {
                versions[package] = line["Version: ".Length..];
            }
        }

        return [.. packages.Where(versions.ContainsKey).Select(p => $"{p} {versions[p]}")];
    }
}
