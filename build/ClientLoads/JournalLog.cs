using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.ClientLoads;

/// <summary>systemd's journal. A position is the cursor of its last line.</summary>
internal sealed class JournalLog : ITftpLog
{
    private const string Tool = "journalctl";

    /// <inheritdoc/>
    public string Name => "journal";

    /// <inheritdoc/>
    public async Task<TftpLogReading?> ReadAsync(string? position, Places places, StageContext stage)
    {
        if (places.Prefix.Length > 0 || ToolPath.Find(Tool) is null || !Directory.Exists("/run/systemd/journal"))
        {
            return null;
        }

        // From the line on that was the last: where it is not there any more, others may be gone too.
        var command = new ToolCommand(Tool, "--quiet", "--no-pager", "--output=json", "--output-fields=MESSAGE", $"--identifier={LogLine.Program}")
        {
            OutputIsSecret = true,
            SuccessCodes = [0, 1],
        };
        var read = await stage.RunAsync(position is null ? command : command.With($"--cursor={position}")).ConfigureAwait(false);
        return Read(read.Output, position);
    }

    /// <summary>Reads lines of JSON, as journalctl(1) exports them.</summary>
    internal TftpLogReading Read(string output, string? position)
    {
        var (last, first, loads) = (position, (string?)null, ImmutableArray.CreateBuilder<LoggedLoad>());
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var entry = JsonDocument.Parse(line);
            last = entry.RootElement.GetProperty("__CURSOR").GetString();
            first ??= last;

            // What is no text stands as a list of bytes, and is no request of a client of ours.
            if (last != position && entry.RootElement.TryGetProperty("MESSAGE", out var message) && message.ValueKind == JsonValueKind.String
                && LogLine.Load(message.GetString()!, At(entry.RootElement)) is { } load)
            {
                loads.Add(load);
            }
        }

        return new TftpLogReading(Name, last, Gap: position is not null && first != position, loads.ToImmutable());
    }

    private static DateTimeOffset At(JsonElement entry)
        => DateTimeOffset.UnixEpoch.AddMicroseconds(long.Parse(entry.GetProperty("__REALTIME_TIMESTAMP").GetString()!, CultureInfo.InvariantCulture));
}
