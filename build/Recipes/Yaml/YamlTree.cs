using System.Collections.Immutable;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dom0Image.Recipes.Yaml;

/// <summary>
/// Reads one YAML document into nodes with places. Built on the parser's events, because YamlDotNet's own tree stops at
/// the first duplicate key, resolves aliases silently and forgets how a value was quoted.
/// </summary>
internal sealed class YamlTree
{
    private const int DepthLimit = 16;

    private readonly string _file;
    private readonly ProblemList _problems;
    private readonly Parser _parser;
    private readonly Stack<SourceLocation> _brackets = [];

    private YamlTree(string file, string text, ProblemList problems)
    {
        _file = file;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a file; null when it cannot be read at all. Everything that is wrong goes to <paramref name="problems"/>.</summary>
    public static YamlNode? Load(string file, ProblemList problems)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(PlainFile.ReadAllBytes(file));
            return new YamlTree(file, text.TrimStart('\uFEFF'), problems).DocumentOrProblem();
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new Diagnostic($"'{file}' does not exist"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Diagnostic($"'{file}' cannot be read: {problem.Message}"));
        }
        catch (DecoderFallbackException problem)
        {
            problems.Add(new Diagnostic($"byte {problem.Index} is not UTF-8") { Where = new SourceLocation(file), Expected = "a text file in UTF-8" });
        }
        catch (YamlException problem)
        {
            problems.Add(new Diagnostic($"not YAML: {Reason(problem)}")
            {
                Where = At(file, problem.Start),
                Hint = problem is TooDeepException ? null : "Tabs may not indent, and a value that holds ': ' or ' #' or begins with one of [ { * & ! % @ ` needs quotes.",
            });
        }

        return null;
    }

    private static string Reason(YamlException problem) => problem.Message.Trim().TrimEnd('.').ReplaceLineEndings(" ");

    private static SourceLocation At(string file, Mark mark) => new(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private YamlNode? DocumentOrProblem()
    {
        try
        {
            return Document();
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's answer to a value at the left margin inside of [ or {.
            _problems.Add(new Diagnostic("not YAML: a bracket opens here and is not closed before the next line begins at the margin")
            {
                Where = _brackets.TryPeek(out var open) ? open : At(_parser.Current?.End ?? Mark.Empty),
                Expected = "']' or '}' at its end, and what it holds indented",
            });
            return null;
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _problems.Add(new Diagnostic("the file is empty") { Where = new SourceLocation(_file), Expected = "a mapping of keys" });
            return null;
        }

        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _problems.Add(new Diagnostic("a second document begins here") { Where = At(second.Start), Expected = "one document in the file" });
        }

        return node;
    }

    private YamlNode Node(int depth)
    {
        if (depth > DepthLimit)
        {
            throw new TooDeepException(_parser.Current!.Start, _parser.Current.End);
        }

        var next = _parser.Consume<ParsingEvent>();
        var where = At(next.Start);
        if (next is NodeEvent node)
        {
            CheckPlain(node, where);
        }

        return next switch
        {
            Scalar scalar => new YamlScalar(where, scalar.Value, scalar.Style is not ScalarStyle.Plain),
            SequenceStart list => new YamlList(where, Bracketed(list.Style == SequenceStyle.Flow, where, () => Items(depth + 1))),
            MappingStart map => new YamlMap(where, Bracketed(map.Style == MappingStyle.Flow, where, () => Entries(depth + 1))),
            AnchorAlias alias => Alias(alias, where),
            _ => throw new YamlException(next.Start, next.End, "a value was expected here"),
        };
    }

    private T Bracketed<T>(bool brackets, SourceLocation where, Func<T> read)
    {
        if (!brackets)
        {
            return read();
        }

        _brackets.Push(where);
        var content = read();
        _brackets.Pop();
        return content;
    }

    private YamlScalar Alias(AnchorAlias alias, SourceLocation where)
    {
        _problems.Add(new Diagnostic($"'*{alias.Value}' is a YAML alias") { Where = where, Expected = "the value itself, written out" });
        return new YamlScalar(where, "", Quoted: false) { Broken = true };
    }

    private void CheckPlain(NodeEvent node, SourceLocation where)
    {
        if (!node.Anchor.IsEmpty)
        {
            _problems.Add(new Diagnostic($"'&{node.Anchor.Value}' is a YAML anchor") { Where = where, Expected = "plain keys and values", Hint = "Write the value out where it is needed." });
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _problems.Add(new Diagnostic($"'{node.Tag.Value}' is a YAML tag") { Where = where, Expected = "plain keys and values" });
        }
    }

    private ImmutableArray<YamlNode> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth));
        }

        return items.DrainToImmutable();
    }

    private ImmutableArray<YamlEntry> Entries(int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var seen = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth);
            var value = Node(depth);
            if (key is not YamlScalar { Broken: false } name)
            {
                if (key is not YamlScalar)
                {
                    _problems.Add(new Diagnostic($"{key.Described} stands where a key belongs") { Where = key.Where, Expected = "'key: value'" });
                }
            }
            else if (!seen.TryAdd(name.Text, name.Where))
            {
                _problems.Add(new Diagnostic($"'{name.Text}' is here twice") { Where = name.Where, Expected = $"each key once (the first is in line {seen[name.Text].Line})" });
            }
            else
            {
                entries.Add(new YamlEntry(name, value));
            }
        }

        return entries.DrainToImmutable();
    }

    private SourceLocation At(Mark mark) => At(_file, mark);

    private sealed class TooDeepException(Mark start, Mark end) : YamlException(start, end, $"nested more than {DepthLimit} levels deep");
}
