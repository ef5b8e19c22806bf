using Dom0Image.Boot.Servers;
using Dom0Image.Posix;

namespace Dom0Image.Serving;

/// <summary>
/// When a server that runs was last told to read files again, and did, which nothing else tells. Gone with a restart of the machine, as
/// the server is.
/// </summary>
internal static class ReadingMark
{
    private const string Place = "/run/dom0image/read-again";

    /// <summary>Since when a server knows what is in the files that it reads again.</summary>
    /// <param name="service">The server.</param>
    /// <param name="started">When it was started.</param>
    public static DateTime Of(Service service, DateTime started) => FileStatus.WrittenAt(FileOf(service)) is { } told && told > started ? told : started;

    /// <summary>Has a server read again, and notes when it was told: what changes while it reads counts as not read.</summary>
    /// <param name="service">The server.</param>
    /// <param name="read">Ends when it has read; where it fails, or this process is killed, nothing was read.</param>
    public static async Task SetAsync(Service service, Func<Task> read)
    {
        Directory.CreateDirectory(Place);
        var told = FileOf(service) + ".told";
        File.WriteAllText(told, "");
        await read().ConfigureAwait(false);
        // It keeps its time.
        File.Move(told, FileOf(service), overwrite: true);
    }

    private static string FileOf(Service service) => $"{Place}/{service.Name}";
}
