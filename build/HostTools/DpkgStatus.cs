using System.Collections.Frozen;

namespace Dom0Image.HostTools;

/// <summary>The packages that are installed on this machine, read from dpkg's own file: no process, a few milliseconds.</summary>
internal sealed class DpkgStatus
{
    /// <summary>Where dpkg keeps it.</summary>
    public const string File = "/var/lib/dpkg/status";

    private readonly FrozenSet<string> _installed;

    private DpkgStatus(FrozenSet<string> installed) => _installed = installed;

    /// <summary>Reads the file; one that is not there means that nothing is installed.</summary>
    public static DpkgStatus Read(string file = File)
    {
        var installed = new HashSet<string>(StringComparer.Ordinal);
        var package = "";
        foreach (var line in System.IO.File.Exists(file) ? System.IO.File.ReadLines(file) : [])
        {
            if (line.StartsWith("Package: ", StringComparison.Ordinal))
            {
                package = line["Package: ".Length..];
            }
            else if (line.StartsWith("Status: ", StringComparison.Ordinal) && line.EndsWith(" ok installed", StringComparison.Ordinal))
            {
                installed.Add(package);
            }
        }

        return new DpkgStatus(installed.ToFrozenSet());
    }

    /// <summary>Whether a package is unpacked and configured.</summary>
    public bool Has(string package) => _installed.Contains(package);
}
