using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Archive;

namespace Dom0Image.Differences;

/// <summary>Reads Debian changelogs, the newest entry of which comes first; see deb-changelog(5).</summary>
internal static partial class Changelog
{
    // Whoever wants a new version's whole story reads it in the package.
    private const int MostLines = 60;

    /// <summary>Lines of the entries after one version, up to and with another; without who wrote them and empty ones.</summary>
    public static ImmutableArray<string> Between(TextReader changelog, string before, string after)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var wanted = false;
        while (changelog.ReadLine() is { } line)
        {
            if (Head().Match(line) is { Success: true } head)
            {
                var version = head.Groups["version"].Value;
                if (DebianVersion.Compare(version, before) <= 0)
                {
                    break;
                }

                wanted = DebianVersion.Compare(version, after) <= 0;
            }

            if (!wanted || line.Trim().Length == 0 || line.StartsWith(" -- ", StringComparison.Ordinal))
            {
                continue;
            }

            if (lines.Count == MostLines)
            {
                lines.Add("...");
                break;
            }

            lines.Add(line.TrimEnd());
        }

        return lines.ToImmutable();
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9+.-]* \((?<version>[^() ]+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Head();
}
