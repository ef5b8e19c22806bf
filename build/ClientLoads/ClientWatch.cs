using Dom0Image.Boot.Tftp;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Store;

namespace Dom0Image.ClientLoads;

/// <summary>Brings the record of what clients loaded up to date, a little in each run.</summary>
internal static class ClientWatch
{
    /// <summary>Reads on in the log, and writes the record where it changed.</summary>
    /// <param name="places">Where it is published to; its lock is held by the caller.</param>
    /// <param name="stage">Tools; told of what cannot be read, which fails nothing.</param>
    public static async Task<ClientRecord> UpdateAsync(Places places, StageContext stage)
    {
        try
        {
            var found = ClientRecord.Read(places);
            var assembler = new GenerationAssembler(places);
            var made = Watched(await FurtherAsync(found, places, stage).ConfigureAwait(false) is { } reading ? found.With(reading, assembler.Exists) : found.Log is null ? found : found with { Since = null }, places);
            if (made != found)
            {
                made.Write(places);
            }

            return made;
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException or UnauthorizedAccessException)
        {
            stage.Progress.Warn($"which generation clients loaded last could not be noted: {problem.Message}");
            return new ClientRecord();
        }
    }

    // The log that was read before as long as it is there; else the first that tells of a load.
    private static async Task<TftpLogReading?> FurtherAsync(ClientRecord record, Places places, StageContext stage)
    {
        var known = TftpLogs.All.FirstOrDefault(log => log.Name == record.Log);
        if (known is not null && await known.ReadAsync(record.Position, places, stage).ConfigureAwait(false) is { } more)
        {
            return more;
        }

        foreach (var log in TftpLogs.All)
        {
            if (await log.ReadAsync(null, places, stage).ConfigureAwait(false) is { Loads.IsEmpty: false } reading)
            {
                return reading;
            }
        }

        return null;
    }

    // Where no server runs nothing is loaded, from now on until one logs it; one that runs and does not log leaves a gap.
    private static ClientRecord Watched(ClientRecord record, Places places) => places.Prefix.Length > 0 ? record : TftpdHpa.LogsRequests() switch
    {
        null => record with { Since = record.Since ?? DateTimeOffset.UtcNow },
        false => record with { Since = null },
        true => record,
    };
}
