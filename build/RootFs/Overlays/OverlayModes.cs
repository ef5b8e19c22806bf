using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.Overlays;

/// <summary>
/// The exceptions from the rule of modes: <c>overlays/NAME.modes</c>, a line <c>0440 /etc/sudoers.d/admins</c> for each. A path
/// is the one in the image, without a template's suffix; lines that are empty or begin with # say nothing.
/// </summary>
internal sealed class OverlayModes
{
    private readonly Dictionary<string, (int Mode, SourceLocation Where)> _modes = new(StringComparer.Ordinal);

    private OverlayModes(string file) => File = file;

    /// <summary>The file, whether it is there or not.</summary>
    public string File { get; }

    /// <summary>Reads the file that belongs to an overlay; none is no exceptions.</summary>
    /// <param name="overlay">The overlay's directory.</param>
    /// <param name="problems">Takes lines that cannot be read.</param>
    public static OverlayModes Read(string overlay, List<Diagnostic> problems)
    {
        var modes = new OverlayModes(overlay + ".modes");
        if (FileNode.Find(modes.File) is { } node)
        {
            var lines = ByteName.FromBytes(node.ReadAllBytes()).Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                modes.ReadLine(lines[i].TrimEnd(), new SourceLocation(UserPath.Of(modes.File), i + 1), problems);
            }
        }

        return modes;
    }

    /// <summary>The mode that a line gives a path; null when there is none.</summary>
    public int? Of(string imagePath) => _modes.TryGetValue(imagePath, out var line) ? line.Mode : null;

    /// <summary>Lines that fit nothing in the overlay.</summary>
    public IEnumerable<Diagnostic> Check(IEnumerable<(string ImagePath, FileNode Node)> overlay)
    {
        if (_modes.Count == 0)
        {
            return [];
        }

        var there = overlay.GroupBy(entry => entry.ImagePath, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Node, StringComparer.Ordinal);
        return from line in _modes
               let problem = Problem(line.Key, there)
               where problem is not null
               orderby line.Value.Where.Line
               select problem with { Where = line.Value.Where };
    }

    private static Diagnostic? Problem(string path, Dictionary<string, FileNode> there) => there.TryGetValue(path, out var node)
        ? node.IsLink ? new Diagnostic($"'{ByteName.Printable(path)}' is a symlink, and has no mode") : null
        : new Diagnostic($"the overlay has no '{ByteName.Printable(path)}'") { Hint = Nearest.Hint(path, there.Keys) };

    private void ReadLine(string line, SourceLocation where, List<Diagnostic> problems)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        var parts = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts is not [{ Length: 3 or 4 } octal, ['/', ..] path] || !octal.All(digit => digit is >= '0' and <= '7'))
        {
            problems.Add(new Diagnostic($"'{ByteName.Printable(line)}' gives no mode to a path") { Where = where, Expected = "an octal mode and an absolute path, such as '0440 /etc/sudoers.d/admins'" });
        }
        else if (!_modes.TryAdd(path, (OctalMode.Parse(octal), where)))
        {
            problems.Add(new Diagnostic(string.Create(CultureInfo.InvariantCulture, $"'{ByteName.Printable(path)}' has a mode already, in line {_modes[path].Where.Line}")) { Where = where });
        }
    }
}
