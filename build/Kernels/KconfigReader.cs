using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;

namespace Dom0Image.Kernels;

/// <summary>
/// Reads what is needed from a kernel's Kconfig files to say why an option could not be had: prompts, dependencies,
/// choices, selects. It decides nothing: that is left to the kernel's own tool. What it does not know it passes over.
/// </summary>
internal sealed partial class KconfigReader
{
    private readonly string _source;
    private readonly ImmutableDictionary<string, string> _variables;
    private readonly List<Scope> _scopes = [];
    private readonly Dictionary<string, List<Entry>> _entries = [];
    private readonly Dictionary<string, List<(string, KconfigExpression?)>> _selects = [];
    private Scope? _entry;

    private KconfigReader(string source, string architecture)
    {
        _source = source;
        _variables = ImmutableDictionary<string, string>.Empty.Add("SRCARCH", architecture).Add("srctree", ".");
    }

    /// <summary>Reads all symbols of a kernel.</summary>
    /// <param name="source">The kernel's source tree.</param>
    /// <param name="architecture">The directory below <c>arch/</c>, such as <c>x86</c>.</param>
    public static ImmutableDictionary<string, KconfigSymbol> Read(string source, string architecture)
    {
        var reader = new KconfigReader(source, architecture);
        reader.ReadFile("Kconfig");
        return reader._entries.ToImmutableDictionary(
            pair => pair.Key,
            pair => new KconfigSymbol(
                pair.Key,
                [.. pair.Value.Select(entry => entry.ToDefinition())],
                [.. reader._selects.GetValueOrDefault(pair.Key, [])]));
    }

    private void ReadFile(string file)
    {
        var path = Path.Combine(_source, file);
        if (!File.Exists(path))
        {
            return;
        }

        var lines = File.ReadAllLines(path);
        for (var index = 0; index < lines.Length; index++)
        {
            var where = new SourceLocation(file, index + 1);
            var text = lines[index];
            while (text.EndsWith('\\') && index + 1 < lines.Length)
            {
                text = text[..^1] + " " + lines[++index].TrimStart();
            }

            var match = Statement().Match(text);
            if (!match.Success)
            {
                continue;
            }

            var (word, rest) = (match.Groups[1].Value, match.Groups[2].Value.Trim());
            if (word == "help" || text.Trim() == "---help---")
            {
                index = EndOfHelp(lines, index);
            }
            else
            {
                Take(word, rest, where);
            }
        }
    }

    private void Take(string word, string rest, SourceLocation where)
    {
        switch (word)
        {
            case "source" or "rsource" or "osource":
                ReadFile(Variable().Replace(rest.Trim('"'), match => _variables.GetValueOrDefault(match.Groups[1].Value, match.Value)));
                break;
            case "config" or "menuconfig":
                var entry = new Entry(rest, where, [.. _scopes]);
                _entry = entry;
                (_entries.TryGetValue(rest, out var all) ? all : _entries[rest] = []).Add(entry);
                break;
            case "menu" or "choice":
                _scopes.Add(_entry = new Scope(word, where));
                break;
            case "comment":
                _entry = new Scope(word, where);
                break;
            case "if":
                var scope = new Scope(word, where);
                scope.Depends.Add(KconfigExpression.Parse(rest));
                _scopes.Add(scope);
                _entry = null;
                break;
            case "endmenu" or "endchoice" or "endif" when _scopes.Count > 0:
                _scopes.RemoveAt(_scopes.Count - 1);
                _entry = null;
                break;
            default:
                TakeAttribute(word, rest);
                break;
        }
    }

    private void TakeAttribute(string word, string rest)
    {
        if (word == "depends" && rest.StartsWith("on", StringComparison.Ordinal))
        {
            _entry?.Depends.Add(KconfigExpression.Parse(rest[2..]));
        }

        if (_entry is not Entry entry)
        {
            return;
        }

        if (word == "select")
        {
            var name = rest.Split([' ', '\t'], 2)[0];
            (_selects.TryGetValue(name, out var all) ? all : _selects[name] = []).Add((entry.Name, ConditionOf(rest)));
        }
        else if (word is "bool" or "tristate" or "string" or "hex" or "int" or "prompt" && rest.Length > 0 && rest[0] is '"' or '\'')
        {
            entry.Prompted(ConditionOf(rest[(rest.LastIndexOf(rest[0]) + 1)..]));
        }
    }

    private static KconfigExpression? ConditionOf(string rest)
        => Condition().Match(rest) is { Success: true } match ? KconfigExpression.Parse(match.Groups[1].Value) : null;

    // Help goes on as long as lines are indented at least as far as its first one.
    private static int EndOfHelp(string[] lines, int index)
    {
        var indent = -1;
        while (index + 1 < lines.Length)
        {
            var next = lines[index + 1].Replace("\t", "        ");
            if (next.Trim().Length > 0)
            {
                var depth = next.Length - next.TrimStart().Length;
                if (depth == 0 || depth < indent)
                {
                    break;
                }

                indent = indent < 0 ? depth : indent;
            }

            index++;
        }

        return index;
    }

    [GeneratedRegex(@"^\s*([a-z_]+)\b(?!\s*[:+]?=)\s*([^#]*(?:""[^""]*""[^#]*)?)")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?:^|\s)if\s+(.+)$")]
    private static partial Regex Condition();

    // What surrounds entries, or can have dependencies.
    private class Scope(string kind, SourceLocation where)
    {
        public string Kind => kind;

        public SourceLocation Where => where;

        public List<KconfigExpression> Depends { get; } = [];
    }

    private sealed class Entry(string name, SourceLocation where, ImmutableArray<Scope> around) : Scope("config", where)
    {
        private bool _prompt;
        private KconfigExpression? _condition;

        public string Name => name;

        public void Prompted(KconfigExpression? condition) => (_prompt, _condition) = (true, condition);

        public KconfigDefinition ToDefinition()
            => new(
                Where,
                _prompt,
                _condition,
                KconfigExpression.All(around.Append(this).SelectMany(scope => scope.Depends)),
                around.LastOrDefault(scope => scope.Kind == "choice")?.Where);
    }
}
