using Dom0Image.Posix;
using Dom0Image.Serving.Managers;

namespace Dom0Image.Serving;

/// <summary>When a server that runs was last told to read files again, which nothing else tells. Gone with a restart of the machine, as the server is.</summary>
internal static class ReadingMark
{
    private const string Place = "/run/dom0image/read-again";

    /// <summary>Since when a server knows what is in the files that it reads again.</summary>
    /// <param name="service">The server.</param>
    /// <param name="started">When it was started.</param>
    public static DateTime Of(Service service, DateTime started) => FileStatus.ChangedAt(FileOf(service)) is { } told && told > started ? told : started;

    /// <summary>Notes that it is told now. Before it is: what changes meanwhile counts as not read.</summary>
    public static void Set(Service service)
    {
        Directory.CreateDirectory(Place);
        File.WriteAllText(FileOf(service), "");
    }

    /// <summary>Takes that back: it could not be told.</summary>
    public static void Delete(Service service) => File.Delete(FileOf(service));

    private static string FileOf(Service service) => $"{Place}/{service.Name}";
}
