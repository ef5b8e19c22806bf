using System.Globalization;
using System.Text;

namespace Dom0Image.Differences;

/// <summary>A difference as text for a terminal: no line is wider than it needs to be, and no list longer than one reads.</summary>
internal sealed class DifferenceText
{
    private const int Width = 100;
    private const int MostRows = 40;
    private const int MostLines = 8;

    private readonly StringBuilder _text = new();

    /// <summary>The whole text.</summary>
    public static string Write(GenerationDifference difference)
    {
        var text = new DifferenceText();
        text.Head(difference);
        if (difference.IsNone)
        {
            text.Line(difference.From.Id == difference.To.Id ? "No difference: it is one generation." : "No difference.");
        }
        else
        {
            text.Body(difference);
        }

        foreach (var note in difference.Notes)
        {
            text.Line("");
            text.Wrapped("Note: ", Shown.Name(note));
        }

        return text._text.ToString();
    }

    private void Head(GenerationDifference difference)
    {
        foreach (var (word, side) in new[] { ("from", difference.From), ("to  ", difference.To) })
        {
            Line($"{word} {side.Id}, {Shown.Time(side.Created)}{(side.Published ? ", which hosts boot" : "")}");
        }
    }

    private void Body(GenerationDifference difference)
    {
        Section("Packages", Shown.Counts(difference.Packages.Select(package => package.Kind)), difference.Packages, Package);
        Section("Settings", "", difference.Settings, setting => Row(Word(setting.Kind), setting.Name, setting.Before, setting.After));
        Section<PathChange>("Files that run as their owner or group", "", [.. difference.Files.Where(file => file.ChangesSetId)], file => Cells(file.After?.IsSetIdFile == true ? "+" : "-", Shown.Name(file.Path), Shown.Change(file)));
        Section("Files", Shown.Counts(difference.Files.Select(file => file.Kind)), difference.Files, Path);
        Section("Served by TFTP", Shown.Counts(difference.Served.Select(file => file.Kind)), difference.Served, Path);
        Section("Kernels", "", difference.Kernels, Kernel);
        Section<TextChange>("Hypervisor", "", difference.Hypervisor is { } hypervisor ? [hypervisor] : [], change => Line($"  {change.Before ?? "none"} -> {change.After ?? "none"}"));
        Section("Menus", "", difference.Menus, Menu);
        Section("Sizes", "", difference.Sizes, size => Cells("", size.What, size.Before == size.After ? Shown.Size(size.What, size.After) : $"{Shown.Size(size.What, size.Before)} -> {Shown.Size(size.What, size.After)}"));
    }

    private void Section<T>(string title, string counts, IReadOnlyCollection<T> rows, Action<T> row)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Line("");
        Line(counts.Length > 0 ? $"{title}: {counts}" : title);
        foreach (var shown in rows.Take(MostRows))
        {
            row(shown);
        }

        More(rows.Count - MostRows, "");
    }

    private void More(int more, string indent)
    {
        if (more > 0)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"{indent}  ... and {more:N0} more; all of them: --output=FILE.html, or FILE.json"));
        }
    }

    private void Package(PackageChange package)
    {
        var name = Shown.Name(package.Name);
        Cells(Sign(package.Kind), name, (package.Before, package.After) is ({ } before, { } after) ? $"{Shown.Name(before)} -> {Shown.Name(after)}{(package.Kind is ChangeKind.Downgraded ? ", downgraded" : "")}" : Shown.Name(package.Before ?? package.After ?? ""));
        foreach (var line in package.Changelog.Take(MostLines))
        {
            Line($"      {Cut(Shown.Name(line.Trim()), Width - 6)}");
        }

        if (package.Changelog.Length > MostLines)
        {
            Line("      ...");
        }
    }

    private void Path(PathChange change) => Cells(Sign(change.Kind), Shown.Name(change.Path), Shown.Change(change));

    private void Kernel(KernelChange kernel)
    {
        Line($"  {Shown.Name(kernel.Flavour)}: {(kernel.Before == kernel.After ? Shown.Name(kernel.After!) : $"{Shown.Name(kernel.Before ?? "none")} -> {Shown.Name(kernel.After ?? "none")}")}");
        foreach (var option in kernel.Options.Take(MostRows))
        {
            Line($"    CONFIG_{option.Name}  {Shown.Name(option.Before)} -> {Shown.Name(option.After)}");
        }

        More(kernel.Options.Length - MostRows, "  ");
    }

    private void Menu(MenuChange change)
    {
        Wrapped("  ", change.Menus.Length <= MostLines ? string.Join(", ", change.Menus) : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", change.Menus.Take(MostLines))} and {change.Menus.Length - MostLines:N0} more"));
        foreach (var (sign, lines) in new[] { ("    - ", change.Before), ("    + ", change.After) })
        {
            foreach (var line in lines)
            {
                Wrapped(sign, Shown.Name(line));
            }
        }
    }

    private void Row(string kind, string name, string? before, string? after)
        => Cells(before is null ? "+" : after is null ? "-" : " ", $"{kind} {Shown.Name(name)}", before is null ? Shown.Name(after!) : after is null ? Shown.Name(before) : $"{Shown.Name(before)} -> {Shown.Name(after)}");

    // A long name pushes the rest to a line of its own.
    private void Cells(string sign, string name, string rest)
    {
        const int NameWidth = 40;
        var start = $"  {sign,-1} {name}";
        if (start.Length <= NameWidth + 4 && NameWidth + 6 + rest.Length <= Width)
        {
            Line($"{start.PadRight(NameWidth + 4)}  {rest}".TrimEnd());
        }
        else if (start.Length + 2 + rest.Length <= Width)
        {
            Line($"{start}  {rest}".TrimEnd());
        }
        else
        {
            Wrapped($"  {sign,-1} ", name);
            Wrapped("        ", rest);
        }
    }

    private void Wrapped(string start, string text)
    {
        var indent = new string(' ', start.Length);
        var line = new StringBuilder(start);
        foreach (var word in text.Split(' ').SelectMany(word => word.Chunk(Width - start.Length - 2)).Select(chunk => new string(chunk)))
        {
            if (line.Length > start.Length && line.Length + 1 + word.Length > Width)
            {
                Line(line.ToString());
                line.Clear().Append(indent);
            }

            _ = line.Length > start.Length ? line.Append(' ').Append(word) : line.Append(word);
        }

        Line(line.ToString());
    }

    private static string Word(SettingKind kind) => kind is SettingKind.Password ? "password of" : kind.ToString().ToLowerInvariant();

    private static string Sign(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => "+",
        ChangeKind.Removed => "-",
        _ => " ",
    };

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 3)]}...";

    private void Line(string text) => _text.Append(text).Append('\n');
}
