using System.Collections.Immutable;
using Dom0Image.Generations;

namespace Dom0Image.Boot;

/// <summary>What the programs that read the servers' files take without a word, and is wrong all the same.</summary>
internal static class ServerFileSense
{
    // nfs.conf(5). Its readers pass over what they do not know, and nfsconf gives back any word.
    private static readonly ImmutableHashSet<string> NfsWords =
    [
        "nfsd/host", "nfsd/port", "nfsd/threads", "nfsd/udp", "nfsd/tcp", "nfsd/vers3", "nfsd/vers4", "nfsd/vers4.0", "nfsd/vers4.1", "nfsd/vers4.2",
        "nfsd/grace-time", "nfsd/lease-time", "mountd/port", "mountd/threads", "mountd/manage-gids",
    ];

    /// <summary>What is wrong with the files of a set: where one is read, and the end of a sentence about it.</summary>
    public static IEnumerable<(string Place, string What)> Problems(BootFileSet set)
        => set.ServerFiles.SelectMany(file => Problems(set, file.Key, file.Value.Content).Select(what => (file.Key, what)));

    private static IEnumerable<string> Problems(BootFileSet set, string place, string text)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

        return lines.Length == 0 ? place == ServerPlaces.StorageRules && !NeedsRules(set) ? [] : ["says nothing"] : place switch
        {
            ServerPlaces.NfsConf => UnknownWords(lines),
            ServerPlaces.Exports => KernelExports(lines).SelectMany(export => Wrong(set, export.Path, export.Options)),
            ServerPlaces.GaneshaExports => WritableExport(lines),
            ServerPlaces.Dhcpd when !lines.Any(line => line.StartsWith("subnet ", StringComparison.Ordinal)) => ["serves no subnet"],
            _ => [],
        };
    }

    // They keep the blocks of image files that are allocated in full.
    private static bool NeedsRules(BootFileSet set)
        => set.ServerFiles.Values.SelectMany(file => file.Content.Split('\n')).Any(line => line.StartsWith("Options=loop,", StringComparison.Ordinal) && !line.Contains("discard", StringComparison.Ordinal));

    private static IEnumerable<string> UnknownWords(string[] lines)
    {
        var section = "";
        foreach (var line in lines)
        {
            if (line.StartsWith('['))
            {
                section = line.Trim('[', ']', ' ');
            }
            else if (line.Split('=')[0].Trim() is var word && !NfsWords.Contains($"{section}/{word}"))
            {
                yield return $"has '{word}' in its section '{section}', a word that no NFS server knows";
            }
        }
    }

    // PATH -OPTIONS \ CLIENT...
    private static IEnumerable<(string Path, string Options)> KernelExports(string[] lines)
        => from line in string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
           let words = line.Split(' ', 2)
           where words.Length == 2
           select (words[0], words[1]);

    // A site that accepted a shared file system has nothing mounted there.
    private static IEnumerable<string> Wrong(BootFileSet set, string path, string options)
    {
        if (path == Places.Generations && !IsReadOnly(options))
        {
            yield return Writable;
        }

        if (set.ServerFiles.ContainsKey(ServerPlaces.GenerationsMount) && !Words(options).Contains("mountpoint"))
        {
            yield return $"exports what lies beneath {path} where nothing is mounted there: 'mountpoint' is missing";
        }
    }

    private static string[] Words(string options) => options.Split([' ', ',', '(', ')', '-'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsReadOnly(string options)
        => Words(options) is var words && words.Contains("ro") && !words.Contains("rw");

    // EXPORT { ... Path = PATH; ... Access_Type = None; CLIENT { ... Access_Type = RO; } }
    private static IEnumerable<string> WritableExport(string[] lines)
    {
        var inGenerations = false;
        foreach (var line in lines)
        {
            string[] words = [.. line.TrimEnd(';').Split('=').Select(word => word.Trim())];
            if (words is ["Path", var path])
            {
                inGenerations = path.Trim('"') == Places.Generations;
            }
            else if (inGenerations && words is ["Access_Type", var access] && !access.Equals("RO", StringComparison.OrdinalIgnoreCase) && !access.Equals("None", StringComparison.OrdinalIgnoreCase))
            {
                yield return Writable;
            }
        }
    }

    private static string Writable => $"lets clients write to {Places.Generations}, and generations are never edited";
}
