using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Dom0Image.Processes;
using Dom0Image.Stages;

namespace Dom0Image.Archive;

/// <summary>The host's apt settings that matter for reaching archives: proxies, and how old a signature may be.</summary>
/// <param name="Values">Names as apt writes them, such as <c>Acquire::http::Proxy</c>, and their values; names are case-blind.</param>
public sealed partial record AptConfig(ImmutableDictionary<string, string> Values)
{
    /// <summary>No settings: direct connections, apt's own defaults.</summary>
    public static AptConfig Empty { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>Asks the host's apt.</summary>
    /// <returns>Its settings; none on a host without apt.</returns>
    public static async Task<AptConfig> OfHostAsync(StageContext context)
    {
        const string program = "/usr/bin/apt-config";
        return File.Exists(program)
            ? Parse((await context.RunAsync(new ToolCommand(program, "dump", "--no-empty", "Acquire")).ConfigureAwait(false)).Lines)
            : Empty;
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

    /// <summary>The proxy that apt would use for <paramref name="uri"/>.</summary>
    /// <returns>Its address, or null for a direct connection or when nothing is said (the environment then decides).</returns>
    public Uri? ProxyFor(Uri uri)
    {
        string?[] names = [$"Acquire::{uri.Scheme}::Proxy::{uri.Host}", $"Acquire::{uri.Scheme}::Proxy", $"Acquire::http::Proxy::{uri.Host}", "Acquire::http::Proxy"];
        var value = names.Select(name => Values.GetValueOrDefault(name!)).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        return value is null or "DIRECT" or "false" ? null : Uri.TryCreate(value, UriKind.Absolute, out var proxy) ? proxy : null;
    }

    /// <summary>An HTTP handler that goes the way apt would go to <paramref name="uri"/>.</summary>
    public SocketsHttpHandler HandlerFor(Uri uri)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (ProxyFor(uri) is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy)
            {
                Credentials = proxy.UserInfo.Split(':', 2) is [var user, var password]
                    ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
                    : null,
            };
        }

        return handler;
    }

    [GeneratedRegex("""^(?<name>[A-Za-z0-9:._-]+) "(?<value>[^"]*)";$""")]
    private static partial Regex Setting();

    [GeneratedRegex("^Acquire::(https?::Proxy|https?::Proxy-?Auto-?Detect|Check-Date|Check-Valid-Until|Max-ValidTime)", RegexOptions.IgnoreCase)]
    private static partial Regex Handed();
}
