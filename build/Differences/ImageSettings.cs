using System.Text.RegularExpressions;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Differences;

/// <summary>Settings of an image that are links, and so stand in its manifest: alternatives, and services that start at boot.</summary>
internal static partial class ImageSettings
{
    private const string RunLevelWord = "runlevel ";
    private const string Masked = "masked";

    /// <summary>Alternatives by name, with what they lead to; without their manual pages.</summary>
    public static Dictionary<string, string> Alternatives(Manifest manifest)
    {
        const string Directory = "/etc/alternatives/";
        return manifest.Entries
            .Where(entry => entry is { Type: FileType.Symlink, Target: not null } && entry.Path.StartsWith(Directory, StringComparison.Ordinal) && !entry.Path.EndsWith(".gz", StringComparison.Ordinal))
            .DistinctBy(entry => entry.Path)
            .ToDictionary(entry => entry.Path[Directory.Length..], entry => entry.Target!, StringComparer.Ordinal);
    }

    /// <summary>Services by name, with what starts them: runlevels of System V init, units of systemd; or that they are masked.</summary>
    public static Dictionary<string, string> Services(Manifest manifest)
    {
        var starts = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var entry in manifest.Entries.Where(entry => entry.Type == FileType.Symlink))
        {
            if (Start(entry) is var (service, how))
            {
                (starts.TryGetValue(service, out var known) ? known : starts[service] = new SortedSet<string>(StringComparer.Ordinal)).Add(how);
            }
        }

        return starts.ToDictionary(start => start.Key, start => Words(start.Value), StringComparer.Ordinal);
    }

    // What is masked is not started, whoever asks for it.
    private static string Words(SortedSet<string> how)
    {
        if (how.Contains(Masked))
        {
            return Masked;
        }

        string[] levels = [.. how.Where(word => word.StartsWith(RunLevelWord, StringComparison.Ordinal)).Select(word => word[RunLevelWord.Length..])];
        string[] run = levels.Length == 0 ? [] : [$"in runlevel{(levels.Length == 1 ? "" : "s")} {string.Join(' ', levels)}"];
        return string.Join(", ", [.. run, .. how.Where(word => !word.StartsWith(RunLevelWord, StringComparison.Ordinal))]);
    }

    private static (string Service, string How)? Start(ManifestEntry entry)
    {
        if (RunLevel().Match(entry.Path) is { Success: true } level)
        {
            return (level.Groups["service"].Value, RunLevelWord + level.Groups["level"].Value);
        }

        if (Wanted().Match(entry.Path) is { Success: true } wanted)
        {
            return (wanted.Groups["service"].Value, $"by {wanted.Groups["target"].Value}");
        }

        return entry.Target == "/dev/null" && Unit().Match(entry.Path) is { Success: true } unit ? (unit.Groups["service"].Value, Masked) : null;
    }

    [GeneratedRegex(@"\A/etc/rc(?<level>[0-6S])\.d/S[0-9]{2}(?<service>[^/]+)\z")]
    private static partial Regex RunLevel();

    [GeneratedRegex(@"\A(/etc|/usr/lib|/lib)/systemd/system/(?<target>[^/]+)\.(wants|requires)/(?<service>[^/]+)\z")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"\A/etc/systemd/system/(?<service>[^/]+)\z")]
    private static partial Regex Unit();
}
