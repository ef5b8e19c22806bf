using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting.Report;

/// <summary>What is kept of a boot test: <c>report.json</c>.</summary>
/// <param name="Generation">What was booted.</param>
/// <param name="Keys">The scenarios that passed: their names, and keys over all that they depend on.</param>
/// <param name="At">When.</param>
/// <param name="Passed">Whether every client that was booted proved all.</param>
/// <param name="Acceleration">How the clients' processors were run.</param>
/// <param name="Processors">Processors of the machine that ran them.</param>
/// <param name="Boots">One entry for each client.</param>
internal sealed record BootReport(string Generation, SortedDictionary<string, string> Keys, DateTimeOffset At, bool Passed, string Acceleration, int Processors, ImmutableArray<BootRecord> Boots)
{
    /// <summary>What went wrong: each cause once, with the clients that saw it.</summary>
    public ImmutableArray<BootProblem> Problems { get; init; } = [];

    /// <summary>What the recipe lets fail and whether it did, one line each.</summary>
    public ImmutableArray<string> MayFail { get; init; } = [];

    /// <summary>Scenarios of the full test that no client was booted for: the test was a quick one.</summary>
    public ImmutableArray<string> NotBooted { get; init; } = [];

    /// <summary>Gathers the report of a test, with what earlier ones proved of the same generation.</summary>
    public static BootReport Of(BootTestResult result) => new(
        result.Generation,
        new SortedDictionary<string, string>(
            result.Scenarios.Where(s => s.Passed).Select(s => KeyValuePair.Create(s.Scenario.Name, result.Keys[s.Scenario.Name])).Concat(result.Proved?.Keys ?? []).ToDictionary(),
            StringComparer.Ordinal),
        DateTimeOffset.UtcNow,
        result.Passed,
        result.Acceleration.Name(),
        Environment.ProcessorCount,
        [.. result.Proved?.Boots ?? [], .. result.Scenarios.SelectMany(s => s.Clients.Select(c => BootRecord.Of(s, c)))])
    {
        NotBooted = [.. result.Keys.Keys.Except(result.Scenarios.Select(s => s.Scenario.Name)).Except(result.Proved?.Keys.Keys ?? Enumerable.Empty<string>())],
        Problems = result.Problems,
        MayFail = [.. result.MayFail.Select(m => Allowed(result, m))],
    };

    /// <summary>Reads a report that was kept; null when there is none that can be read.</summary>
    /// <param name="directory">Directory of the report.</param>
    public static BootReport? Find(string directory)
    {
        try
        {
            // One of before there were keys has none.
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(directory, FileName)), BootReportJson.Default.BootReport) is { Keys: not null } report ? report : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Name of the report's file.</summary>
    public const string FileName = "report.json";

    /// <summary>What it still proves where scenarios have these keys; null when nothing.</summary>
    internal BootReport? Proving(IReadOnlyDictionary<string, string> keys)
    {
        var same = new SortedDictionary<string, string>(Keys.Where(proved => keys.GetValueOrDefault(proved.Key) == proved.Value).ToDictionary(), StringComparer.Ordinal);
        return same.Count == 0 ? null : this with
        {
            Keys = same,
            Passed = true,
            Boots = [.. Boots.Where(boot => same.ContainsKey(boot.Scenario))],
            NotBooted = [.. keys.Keys.Except(same.Keys)],
            Problems = [],
        };
    }

    private static string Allowed(BootTestResult result, MayFail allowed)
    {
        var clients = result.Scenarios.SelectMany(s => s.Clients).Where(c => c.Course.Failure is null).ToList();
        var failed = clients.Count(c => c.Checks.Any(check => ServiceChecks.ServiceOf(check) == allowed.Service));
        return $"service '{allowed.Service}' may fail ({allowed.Reason}): it did on {failed} of {clients.Count} clients";
    }

    public string ToJson() => JsonSerializer.Serialize(this, BootReportJson.Default.BootReport);
}

/// <summary>One client's boot.</summary>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Host">The client's name.</param>
/// <param name="Load">Load average of the machine at the start.</param>
/// <param name="Seconds">Seconds since it was switched on, by step.</param>
/// <param name="TftpRequests">Files it asked for over TFTP.</param>
/// <param name="TftpBytes">Bytes over TFTP, both ways.</param>
/// <param name="NfsRequestsAtChecks">Requests for its root over NFS up to the start of its checks, so with our log-in; null when it told none.</param>
/// <param name="NfsBytes">Bytes over NFS up to the log-in prompt, both ways.</param>
/// <param name="FlashKilobytes">RAM in /flash; null when it told none.</param>
/// <param name="Checks">Number of things it proved.</param>
/// <param name="Problems">What went wrong.</param>
/// <param name="LastLines">The last lines on its console, when it did not get to a log-in.</param>
internal sealed record BootRecord(
    string Scenario,
    string Host,
    double Load,
    SortedDictionary<BootStep, double> Seconds,
    int TftpRequests,
    long TftpBytes,
    long? NfsRequestsAtChecks,
    long NfsBytes,
    long? FlashKilobytes,
    int Checks,
    ImmutableArray<string> Problems,
    ImmutableArray<string> LastLines)
{
    /// <summary>Gathers the record of a client.</summary>
    public static BootRecord Of(ScenarioOutcome scenario, ClientOutcome client) => new(
        scenario.Scenario.Name,
        client.HostName,
        scenario.Load,
        new SortedDictionary<BootStep, double>(client.Course.Reached.Where(r => r.Key != BootStep.PoweredOn).ToDictionary(r => r.Key, r => Math.Round(r.Value.TotalSeconds, 2))),
        client.Files.Length,
        client.Traffic.TftpTo + client.Traffic.TftpFrom,
        Number(client, "nfs-requests-before-checks"),
        client.Traffic.NfsTo + client.Traffic.NfsFrom,
        Number(client, "flash-kilobytes"),
        client.Checks.Count(c => c.Passed),
        client.Problems,
        client.Course.Failure?.LastLines ?? []);

    private static long? Number(ClientOutcome client, string fact)
        => long.TryParse(client.Facts.GetValueOrDefault(fact), CultureInfo.InvariantCulture, out var value) ? value : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BootReport))]
internal sealed partial class BootReportJson : JsonSerializerContext;
