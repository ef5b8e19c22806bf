using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;

namespace Dom0Image.Kernels;

/// <summary>A few kernel options for one concern, read from <c>kernel-configs/NAME.config</c>.</summary>
internal static partial class Fragment
{
    private const string Suffix = ".config";

    // Set from the flavour's name, so that `uname -r` and the kernel's file agree.
    private static readonly string[] Reserved = ["LOCALVERSION", "LOCALVERSION_AUTO"];

    /// <summary>Reads the text of a fragment. Strict: a line is empty, a comment, or an option.</summary>
    /// <param name="file">The file, as messages name it.</param>
    /// <param name="text">Its content.</param>
    /// <returns>Its options, in the file's order.</returns>
    /// <exception cref="BuildFailedException">Lines that are none of these, and options asked for twice; all of them.</exception>
    public static ImmutableArray<RequestedOption> Parse(string file, string text)
    {
        var options = new List<RequestedOption>();
        var problems = new List<Diagnostic>();
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].TrimEnd();
            if (line.Length == 0 || (line[0] == '#' && !Unset().IsMatch(line)))
            {
                continue;
            }

            var where = new SourceLocation(file, index + 1);
            if (Read(line, where) is not { } option)
            {
                problems.Add(Unreadable(line, where));
            }
            else if (Reserved.Contains(option.Name))
            {
                problems.Add(new Diagnostic($"CONFIG_{option.Name} is set from the flavour's name, not by a fragment") { Where = where });
            }
            else if (options.Find(earlier => earlier.Name == option.Name) is { } earlier)
            {
                problems.Add(new Diagnostic($"CONFIG_{option.Name} is asked for twice, first in line {earlier.Where.Line}") { Where = where });
            }
            else
            {
                options.Add(option);
            }
        }

        return problems.Count == 0 ? [.. options] : throw new BuildFailedException(problems);
    }

    /// <summary>The names of all fragments below <paramref name="directory"/>, sorted.</summary>
    public static ImmutableArray<string> NamesIn(string directory)
        => !Directory.Exists(directory)
            ? []
            : [.. Directory.EnumerateFiles(directory, "*" + Suffix, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(directory, file)[..^Suffix.Length])
                .Order(StringComparer.Ordinal)];

    /// <summary>The file of a fragment.</summary>
    public static string FileOf(string directory, string name) => Path.Combine(directory, name + Suffix);

    private static RequestedOption? Read(string line, SourceLocation where)
        => Unset().Match(line) is { Success: true } unset ? new RequestedOption(unset.Groups[1].Value, "n", where)
            : Assignment().Match(line) is { Success: true } set ? new RequestedOption(set.Groups[1].Value, set.Groups[2].Value, where)
            : null;

    private static Diagnostic Unreadable(string line, SourceLocation where)
    {
        // Up to where the line is right, so that the column points at what is wrong.
        var right = Beginning().Match(line).Length;
        return new Diagnostic($"'{line}' is no option")
        {
            Where = where with { Column = right + 1 },
            Expected = "CONFIG_NAME=VALUE (y, m, n, a number or a string in double quotes), '# CONFIG_NAME is not set', a comment or an empty line",
        };
    }

    [GeneratedRegex("^# CONFIG_([A-Za-z0-9_]+) is not set$")]
    private static partial Regex Unset();

    [GeneratedRegex("""^CONFIG_([A-Za-z0-9_]+)=([ymn]|-?[0-9]+|0x[0-9A-Fa-f]+|"(?:[^"\\]|\\["\\])*")$""")]
    private static partial Regex Assignment();

    [GeneratedRegex("^(CONFIG_[A-Za-z0-9_]*=?|C?O?N?F?I?G?_?)")]
    private static partial Regex Beginning();
}
