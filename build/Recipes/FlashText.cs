using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dom0Image.Posix;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dom0Image.Recipes;

/// <summary>A recipe's text, to put lines into its flash list: all else in it stays as it is, comments too.</summary>
/// <remarks>For a recipe that the reader took; anything else is not looked for.</remarks>
internal sealed class FlashText
{
    private readonly string _text;
    private readonly string _newLine;
    private readonly ImmutableArray<int> _lineStarts;
    private MappingStart? _paths;
    private Mark _firstPath = Mark.Empty;
    private Mark _end = Mark.Empty;
    private Scalar? _size;

    private FlashText(string text)
    {
        _text = text;
        _newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        _lineStarts = [0, .. text.Index().Where(c => c.Item == '\n').Select(c => c.Index + 1)];
        Find(new Parser(new StringReader(text)));
        if (_paths is null || _size is null)
        {
            throw new InvalidOperationException("the recipe has no flash list");
        }
    }

    /// <summary>Whether the list is written in braces, where a line is no line of the file.</summary>
    private bool InBraces => _paths!.Style == MappingStyle.Flow;

    /// <summary>Line and column, from 1, at which a line is put in.</summary>
    public (int Line, int Column) Place => InBraces ? ((int)_end.Line, (int)_end.Column) : ((int)_end.Line + 1, (int)_firstPath.Column);

    /// <summary>Takes a recipe's text.</summary>
    public static FlashText Of(string text) => new(text);

    /// <summary>An entry as a line of a flash list, what is the default left out.</summary>
    public static string Line(FlashEntry entry)
    {
        List<string> keys = [];
        if (entry.Kind != FlashKind.Directory)
        {
            keys.Add($"kind: {entry.Kind.ToString().ToLowerInvariant()}");
        }

        if (entry.Kind != FlashKind.Symlink && entry.Mode != FlashModel.DefaultMode(entry.Kind))
        {
            keys.Add($"mode: {OctalMode.Of(entry.Mode)}");
        }

        keys.AddRange(entry.Owner == "root" ? [] : [$"owner: {entry.Owner}"]);
        keys.AddRange(entry.Group == "root" ? [] : [$"group: {entry.Group}"]);
        keys.AddRange(entry.Start == FlashStart.Empty ? [] : [$"start: {entry.Start.ToString().ToLowerInvariant()}"]);
        return keys.Count == 0 ? $"{entry.Path}: {{}}" : $"{entry.Path}: {{ {string.Join(", ", keys)} }}";
    }

    /// <summary>A limit of whole MiB as a recipe has it.</summary>
    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}M");

    /// <summary>The text with more entries in its list, behind those that are there.</summary>
    /// <param name="entries">Entries, each with what is said of it behind the line; null for nothing.</param>
    /// <param name="comment">What is said of all of them, above.</param>
    /// <param name="size">The list's new limit in bytes; null for the one that it has.</param>
    public string With(ImmutableArray<(FlashEntry Entry, string? Comment)> entries, string comment, long? size)
    {
        var text = new StringBuilder(_text);
        var edits = new List<(int From, int To, string New)>();
        if (!entries.IsEmpty)
        {
            var at = InBraces ? Offset(_end) : EndOfLine(Offset(_end));
            edits.Add((at, at, InBraces ? string.Concat(entries.Select(e => $", {Line(e.Entry)}")) : Block(entries, comment)));
        }

        if (size is { } bytes)
        {
            edits.Add((Offset(_size!.Start), Offset(_size.End), Size(bytes)));
        }

        foreach (var (from, to, made) in edits.OrderByDescending(e => e.From))
        {
            text.Remove(from, to - from).Insert(from, made);
        }

        return text.ToString();
    }

    private string Block(ImmutableArray<(FlashEntry Entry, string? Comment)> entries, string comment)
    {
        var indent = new string(' ', (int)_firstPath.Column - 1);
        var lines = entries.Select(e => $"{indent}{Line(e.Entry)}{(e.Comment is null ? "" : $" # {e.Comment}")}").Prepend($"{indent}# {comment}").Prepend("");
        return string.Concat(lines.Select(line => _newLine + line));
    }

    private int Offset(Mark mark) => _lineStarts[(int)mark.Line - 1] + (int)mark.Column - 1;

    private int EndOfLine(int offset)
    {
        var end = _text.IndexOf('\n', offset);
        return end < 0 ? _text.Length : end > 0 && _text[end - 1] == '\r' ? end - 1 : end;
    }

    private void Find(Parser parser)
    {
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        InMapping(parser, key => key == "flash", () => InMapping(parser, key => key is "size" or "paths", () =>
        {
            if (parser.Accept<Scalar>(out var size))
            {
                _size = size;
                Skip(parser);
                return;
            }

            _paths = parser.Consume<MappingStart>();
            _firstPath = parser.Current!.Start;
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                Skip(parser);
                _end = Skip(parser);
            }
        }));
    }

    private static void InMapping(Parser parser, Func<string, bool> wanted, Action read)
    {
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (wanted(parser.Consume<Scalar>().Value))
            {
                read();
            }
            else
            {
                Skip(parser);
            }
        }
    }

    // Where the node's text ends. What is written without braces has no end of its own: it ends with the last thing in it.
    private static Mark Skip(Parser parser)
    {
        switch (parser.Consume<ParsingEvent>())
        {
            case MappingStart map:
                return Inside<MappingEnd>(parser, map.Style == MappingStyle.Flow, map.End);
            case SequenceStart list:
                return Inside<SequenceEnd>(parser, list.Style == SequenceStyle.Flow, list.End);
            case var single:
                return single.End;
        }
    }

    private static Mark Inside<TEnd>(Parser parser, bool braces, Mark start)
        where TEnd : ParsingEvent
    {
        var last = start;
        while (!parser.Accept<TEnd>(out _))
        {
            last = Skip(parser);
        }

        // The parser's mark is at the brace.
        var end = parser.Consume<TEnd>().Start;
        return braces ? new Mark(end.Index + 1, end.Line, end.Column + 1) : last;
    }
}
