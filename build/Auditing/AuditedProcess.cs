namespace Dom0Image.Auditing;

/// <summary>A process of an audited client, as it is told.</summary>
internal static class AuditedProcess
{
    private const int Longest = 80;

    /// <summary>A command line, cut where it gets long.</summary>
    public static string Short(string command) => command.Length <= Longest ? command : command[..(Longest - 3)] + "...";

    /// <summary>
    /// The program's name: of a script its own and not its interpreter's. What cannot stand in a comment, or is none, is left out.
    /// </summary>
    public static string Name(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var word = words.FirstOrDefault() is { } first && IsInterpreter(Path.GetFileName(first)) ? words.Skip(1).FirstOrDefault(w => w.StartsWith('/')) ?? first : words.FirstOrDefault() ?? "";
        var name = Path.GetFileName(word.TrimEnd(':'));
        return name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "-_.+@".Contains(c)) ? name : "";
    }

    private static bool IsInterpreter(string name) => name is "sh" or "dash" or "bash" or "perl" || name.StartsWith("python", StringComparison.Ordinal);
}
