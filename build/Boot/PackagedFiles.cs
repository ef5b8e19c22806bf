using System.Security.Cryptography;
using System.Text;
using Dom0Image.Boot.Servers;

namespace Dom0Image.Boot;

/// <summary>
/// Knows configuration files that are as a Debian package brought or made them: nobody's work is lost when they are replaced.
/// </summary>
/// <param name="Root">The machine whose packages are asked: where dpkg, ucf and debconf keep their records below <c>/var</c>.</param>
internal sealed record PackagedFiles(string Root = "/")
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
        return HasLine("var/lib/dpkg/status", $"{place} {sum}")
            || HasLine("var/lib/ucf/hashfile", $"{sum}  {place}")
            || ServerFiles.AsPackaged(place, new DebconfAnswers(Path.Combine(Root, "var/cache/debconf"))) is { } made
                && content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(made));
    }

    private bool HasLine(string file, string line)
        => Path.Combine(Root, file) is var path && File.Exists(path) && File.ReadLines(path).Any(l => l.Trim() == line);
}
