using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Session;

/// <summary>What a session leaves on the disk as it goes, so that it can be resumed; <see cref="Facts"/> is written first.</summary>
/// <param name="Path">The directory, below the recipe's layers.</param>
internal sealed record SessionFolder(string Path)
{
    private const string FactsName = "session.json";

    // Mount points and what is made anew at each start are among them.
    private static readonly ImmutableArray<string> Names = ["upper", "work", "seed", "lower", "root", "tmp", "apt", "apt-work", "apt-lower"];

    /// <summary>What the session wrote, as overlayfs keeps it.</summary>
    public string Upper => In("upper");

    /// <summary>What it finds over the generation: name servers, apt's configuration, a refusal to start services.</summary>
    public string Seed => In("seed");

    /// <summary>Its <c>/tmp</c>.</summary>
    public string Temporary => In("tmp");

    /// <summary>What apt finds in it, beside what it fetches.</summary>
    public string AptLower => In("apt-lower");

    /// <summary>Packages that it fetched.</summary>
    public string Fetched => System.IO.Path.Combine(In("apt"), "cache", "archives");

    /// <summary>What was typed into its shell.</summary>
    public string History => In("history");

    /// <summary>When dpkg was at work.</summary>
    public string Times => In("times");

    /// <summary>The lines that were run in place of one.</summary>
    public string Lines => In("lines");

    /// <summary>There when its mounts were made, and the user's command was started.</summary>
    public string Started => In("started");

    /// <summary>Whether there is one.</summary>
    public bool Exists => FileNode.Find(In(FactsName)) is not null;

    /// <summary>Makes what is missing of it.</summary>
    /// <param name="lower">The generation's root.</param>
    public void Make(string lower)
    {
        foreach (var directory in Names.Select(In).Where(path => FileNode.Find(path) is null))
        {
            FileChange.MakeDirectory(directory, (int)PrivateModes.Directory);
        }

        // An overlay's top has the mode of the upper one.
        var top = FileNode.Get(lower);
        FileChange.SetOwner(Upper, top.Uid, top.Gid);
        FileChange.SetMode(Upper, top.Mode);
        FileChange.SetMode(Temporary, 0b001_111_111_111);
        foreach (var file in new[] { History, Times }.Where(file => FileNode.Find(file) is null))
        {
            FileChange.MakeFile(file, [], (int)PrivateModes.File);
        }
    }

    /// <summary>Notes a line that is run in place of a shell.</summary>
    public void Note(string line) => File.AppendAllText(Lines, line + "\n");

    /// <summary>All commands of it, as a layer keeps them.</summary>
    public byte[] Log() => [.. new[] { Lines, History }.Where(File.Exists).SelectMany(File.ReadAllBytes)];

    /// <summary>What it is.</summary>
    /// <exception cref="BuildFailedException">It cannot be read.</exception>
    public SessionFacts Facts()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(In(FactsName)), SessionJson.Default.SessionFacts) ?? throw new JsonException("it is empty");
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read the session '{In(FactsName)}': {problem.Message}") { Hint = "--target=Edit --drop drops it." }, problem);
        }
    }

    /// <summary>Writes what it is.</summary>
    public void Write(SessionFacts facts) => Durable.ReplaceFile(In(FactsName), JsonSerializer.SerializeToUtf8Bytes(facts, SessionJson.Default.SessionFacts), PrivateModes.File);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>What a session is.</summary>
/// <param name="Base">Id of the generation below it.</param>
/// <param name="Who">Who started it.</param>
/// <param name="Started">When.</param>
/// <param name="Keeping">The layer that it becomes, once that is decided: where that stands, the session is over.</param>
internal sealed record SessionFacts(string Base, string Who, DateTimeOffset Started, string? Keeping = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SessionFacts))]
internal sealed partial class SessionJson : JsonSerializerContext;
