using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>The host's apt settings that matter for reaching archives: proxies, certificates, and how old a signature may be.</summary>
/// <param name="Values">Names as apt writes them, such as <c>Acquire::http::Proxy</c>, and their values; names are case-blind.</param>
internal sealed partial record AptConfig(ImmutableDictionary<string, string> Values)
{
    /// <summary>No settings: direct connections, apt's own defaults.</summary>
    public static AptConfig Empty { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>Asks the host's apt.</summary>
    /// <returns>Its settings; none on a host without apt.</returns>
    public static async Task<AptConfig> OfHostAsync(StageContext context)
    {
        const string program = "/usr/bin/apt-config";
        if (!File.Exists(program))
        {
            return Empty;
        }

        // A proxy's address may hold a password.
        var dump = await context.RunAsync(new ToolCommand(program, "dump", "--no-empty", "Acquire") { OutputIsSecret = true }).ConfigureAwait(false);
        return Parse(dump.Lines);
    }

    /// <summary>Reads the output of <c>apt-config dump</c>.</summary>
    public static AptConfig Parse(IEnumerable<string> lines)
        => new(lines.Select(line => Setting().Match(line))
            .Where(m => m.Success)
            .Aggregate(Empty.Values, (all, m) => all.SetItem(m.Groups["name"].Value, m.Groups["value"].Value)));

    /// <summary>Whether archives are refused when what they hold has run out; apt's default is that they are.</summary>
    public bool ChecksValidUntil
        => Values.GetValueOrDefault("Acquire::Check-Valid-Until")?.ToLowerInvariant() is not ("false" or "no" or "0" or "off" or "without" or "disable");

    /// <summary>The settings that another apt needs to reach archives as the host's does, one <c>Name "value";</c> each, sorted.</summary>
    public ImmutableArray<string> ForAnotherApt()
        => [.. Values.Where(v => Handed().IsMatch(v.Key)).Select(v => $"{v.Key} \"{v.Value}\";").Order(StringComparer.Ordinal)];

    [GeneratedRegex("""^(?<name>[A-Za-z0-9:._-]+) "(?<value>[^"]*)";$""")]
    private static partial Regex Setting();

    [GeneratedRegex("^Acquire::(https?::Proxy|https::(CaInfo|CRLFile|Ssl(Cert|Key)|Verify-(Peer|Host))|Check-Date|Check-Valid-Until|Max-ValidTime)", RegexOptions.IgnoreCase)]
    private static partial Regex Handed();
}
