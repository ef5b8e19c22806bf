using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Nightly;

/// <summary>The results of the last nights: a directory each, which is there whole or not at all, and a link <c>latest</c>. For root alone.</summary>
/// <param name="places">Where the nights publish.</param>
internal sealed partial class NightFolder(Places places)
{
    public const string ResultName = "result.json";

    public const string Latest = "latest";

    private const string Unfinished = ".new-";

    public string Directory { get; } = places.OnDisk(Places.State + "/nightly");

    /// <summary>Writes a night's result; when this returns, it is there after a power cut too. The oldest go.</summary>
    /// <param name="result">The result.</param>
    /// <param name="difference">What it would change, or did; null where there was nothing to compare.</param>
    /// <param name="tell">Told of what cannot be deleted.</param>
    /// <returns>Path of the result.</returns>
    /// <exception cref="IOException">It cannot be written; what was there is there.</exception>
    public string Write(NightResult result, GenerationDifference? difference, Action<string> tell)
    {
        MakeDirectory();
        var name = $"{result.Started.ToString("yyyy-MM-dd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{Environment.ProcessId}";
        var (work, finished) = (Path.Combine(Directory, Unfinished + name), Path.Combine(Directory, name));
        System.IO.Directory.CreateDirectory(work, PrivateModes.Directory);
        Put(work, ResultName, result.Json());
        if (difference is not null)
        {
            Put(work, "difference.txt", DifferenceText.Write(difference));
            Put(work, "difference.html", DifferencePage.Write(difference));
        }

        Durable.SyncTree(work);
        Durable.RenameAndSync(work, finished);
        Durable.SwapLink(Path.Combine(Directory, Latest), name);
        Leftovers.Delete(Old(name), tell);
        return Path.Combine(finished, ResultName);
    }

    // Only what has the form of a name of ours, and is a directory. Another run may be writing its own.
    private List<string> Old(string newest)
    {
        var ours = Leftovers.In(Directory).Where(path => FileNode.Find(path) is { IsDirectory: true }).ToList();
        return
        [
            .. ours.Where(path => Night().IsMatch(Path.GetFileName(path)) && Path.GetFileName(path) != newest).Reverse().Skip(Retention.NightsKept - 1),
            .. ours.Where(path => Path.GetFileName(path) is var name && name.StartsWith(Unfinished, StringComparison.Ordinal) && Night().IsMatch(name[Unfinished.Length..])
                && System.IO.Directory.GetLastWriteTimeUtc(path) < DateTime.UtcNow.AddDays(-1)),
        ];
    }

    private void MakeDirectory()
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(places.OnDisk(Places.State))!);
        foreach (var directory in new[] { places.OnDisk(Places.State), Directory }.Where(directory => !System.IO.Directory.Exists(directory)))
        {
            System.IO.Directory.CreateDirectory(directory, PrivateModes.Directory);
            Durable.SyncDirectory(Path.GetDirectoryName(directory)!);
        }
    }

    private static void Put(string directory, string name, string content) => Durable.ReplaceFile(Path.Combine(directory, name), Encoding.UTF8.GetBytes(content), PrivateModes.File);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d{6}Z-\d+$")]
    private static partial Regex Night();
}
