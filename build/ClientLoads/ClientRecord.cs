using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Dom0Image.Generations;

namespace Dom0Image.ClientLoads;

/// <summary>
/// The generation that each address loaded last: it may run it still, however long ago that was and whatever connections the servers
/// have. An address stays until it loads another one, or somebody says that it is gone.
/// </summary>
internal sealed record ClientRecord
{
    private static readonly StateFile<ClientRecord> File = new("clients.json", ClientRecordJson.Default.ClientRecord);

    /// <summary>Nothing noted yet.</summary>
    public static ClientRecord Empty { get; } = new();

    /// <summary>Which log it is from; null for none yet.</summary>
    public string? Log { get; init; }

    /// <summary>Up to where that was read, in its own words.</summary>
    public string? Position { get; init; }

    /// <summary>Since when each load is in it; null for never: a log that cannot be read, or that has a gap.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The latest load of all, which shows that they were logged until then.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>The last load of each address.</summary>
    public ImmutableSortedDictionary<string, ClientLoad> Clients { get; init; } = ImmutableSortedDictionary.Create<string, ClientLoad>(StringComparer.Ordinal);

    /// <summary>The record of a place; an empty one where there is none.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">It is damaged.</exception>
    public static ClientRecord Read(Places places) => File.Find(places) ?? Empty;

    public void Write(Places places) => File.Write(places, this);

    /// <summary>The record with what was read further of a log.</summary>
    /// <param name="reading">The log, and what is new in it.</param>
    /// <param name="exists">Whether a generation stands: what was asked for and is not there was not loaded.</param>
    public ClientRecord With(TftpLogReading reading, Func<string, bool> exists)
    {
        // What nothing tells of may have been loaded in between. The addresses that are known stay.
        var made = reading.Log == Log && !reading.Gap ? this : this with { Since = Log is null ? Since : null };
        var clients = made.Clients.ToBuilder();
        foreach (var load in reading.Loads.Where(load => exists(load.Generation)))
        {
            made = made with { Since = made.Since ?? load.At, Latest = made.Latest is { } latest && latest > load.At ? latest : load.At };
            var address = $"{load.Client}";
            if (!clients.TryGetValue(address, out var known) || known.At <= load.At)
            {
                clients[address] = new ClientLoad(load.Generation, load.At);
            }
        }

        return made with { Log = reading.Log, Position = reading.Position, Clients = clients.ToImmutable() };
    }

    /// <summary>Whether each load between two moments is in it, and loads were still logged after the second.</summary>
    public bool Covers(DateTimeOffset from, DateTimeOffset to) => Since <= from && Latest >= to;
}

/// <summary>The last that an address loaded.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="At">When.</param>
internal sealed record ClientLoad(string Generation, DateTimeOffset At);

/// <summary>What is new in a log.</summary>
/// <param name="Log">The log's name.</param>
/// <param name="Position">Up to where it was read.</param>
/// <param name="Gap">Whether something may be missing between this reading and the one before.</param>
/// <param name="Loads">What was loaded, oldest first.</param>
internal sealed record TftpLogReading(string Log, string? Position, bool Gap, ImmutableArray<LoggedLoad> Loads);

/// <summary>A client that loaded a file of a generation.</summary>
/// <param name="Client">Its address.</param>
/// <param name="Generation">The generation.</param>
/// <param name="At">When.</param>
internal sealed record LoggedLoad(IPAddress Client, string Generation, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ClientRecord))]
internal sealed partial class ClientRecordJson : JsonSerializerContext;
