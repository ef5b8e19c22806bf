using Dom0Image.Recipes;

namespace Dom0Image.Boot.Servers;

/// <summary>A file that a server, or what starts it, reads.</summary>
/// <param name="Place">Where.</param>
/// <param name="Lines">Its lines, without the mark of ownership; null where a site has no such file.</param>
/// <param name="Check">How the program that will read it is made to read it before.</param>
internal sealed record ServerFile(string Place, Func<Site, IEnumerable<string>?> Lines, ServerFileCheck Check)
{
    /// <summary>Whether its server reads it again when it is told to, and goes on with its clients.</summary>
    public bool ReadAgain { get; init; }

    /// <summary>Whether it is about the mounts of what is exported, and so is written with these.</summary>
    public bool OfMounts { get; init; }

    /// <summary>What its program takes without a word and is wrong all the same, as ends of sentences; from its lines without comments.</summary>
    public Func<string[], BootFileSet, IEnumerable<string>> Sense { get; init; } = (_, _) => [];

    /// <summary>Whether it may say nothing.</summary>
    public Func<BootFileSet, bool> MayBeEmpty { get; init; } = _ => false;

    /// <summary>
    /// What its package's script makes there of the answers to its questions; null where an answer is nobody's. No sum of such a
    /// file is kept anywhere.
    /// </summary>
    public Func<DebconfAnswers, string?>? AsPackaged { get; init; }

    /// <summary>The ends of sentences about what is wrong with a text that its program takes.</summary>
    public IEnumerable<string> Problems(string text, BootFileSet set)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        return lines.Length > 0 ? Sense(lines, set) : MayBeEmpty(set) ? [] : ["says nothing"];
    }
}
