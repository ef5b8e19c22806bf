using System.Collections.Immutable;
using System.Text;

namespace Dom0Image.Menus;

/// <summary>A word of a GRUB script as GRUB takes it: without quotes and backslashes.</summary>
/// <param name="Text">The word.</param>
/// <param name="IsKnown">Whether it is all that GRUB will have there; not where it holds a variable.</param>
internal readonly record struct GrubWord(string Text, bool IsKnown);

/// <summary>One command of a GRUB script.</summary>
/// <param name="Name">The first word.</param>
/// <param name="Arguments">The others.</param>
/// <param name="Entry">The number of the menu entry that it stands in, from 1; 0 for none.</param>
internal sealed record GrubCommand(string Name, ImmutableArray<GrubWord> Arguments, int Entry);

/// <summary>
/// Reads GRUB scripts as GRUB's own lexer does: quotes, backslashes, comments, variables. Whether a script is whole is for
/// <c>grub-script-check</c> to tell; this one takes what it finds.
/// </summary>
internal sealed class GrubCommands
{
    // Words of the grammar, which a command may follow.
    private static readonly ImmutableHashSet<string> Before = ["if", "then", "else", "elif", "while", "until", "do", "!", "time"];

    private readonly string _text;
    private readonly List<GrubCommand> _commands = [];
    private readonly List<GrubWord> _words = [];
    private readonly Stack<int> _entries = new([0]);
    private int _at;
    private int _lastEntry;

    private GrubCommands(string text) => _text = text;

    /// <summary>All commands of a script, in its order.</summary>
    public static IReadOnlyList<GrubCommand> In(string text)
    {
        var reader = new GrubCommands(text);
        reader.Read();
        return reader._commands;
    }

    private void Read()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (c is '\n' or ';' or '|' or '&')
            {
                _at++;
                End();
            }
            else if (c == '#')
            {
                var line = _text.IndexOf('\n', _at);
                _at = line < 0 ? _text.Length : line;
            }
            else if (c is '{' or '}' && IsAlone())
            {
                _at++;
                Brace(c);
            }
            else
            {
                _words.Add(Word());
            }
        }

        End();
    }

    private bool IsAlone() => _at + 1 == _text.Length || _text[_at + 1] is ' ' or '\t' or '\r' or '\n' or ';' or '}';

    private void Brace(char brace)
    {
        if (brace == '{')
        {
            var opens = _words is [{ Text: "menuentry" }, ..];
            End();
            _entries.Push(opens ? ++_lastEntry : _entries.Peek());
        }
        else
        {
            End();
            if (_entries.Count > 1)
            {
                _entries.Pop();
            }
        }
    }

    private void End()
    {
        var first = _words.FindIndex(word => !Before.Contains(word.Text));
        if (first >= 0)
        {
            _commands.Add(new GrubCommand(_words[first].Text, [.. _words.Skip(first + 1)], _entries.Peek()));
        }

        _words.Clear();
    }

    private GrubWord Word()
    {
        var text = new StringBuilder();
        var known = true;
        while (_at < _text.Length && _text[_at] is not (' ' or '\t' or '\r' or '\n' or ';' or '|' or '&'))
        {
            switch (_text[_at])
            {
                case '\'':
                    var end = _text.IndexOf('\'', _at + 1);
                    end = end < 0 ? _text.Length : end;
                    text.Append(_text, _at + 1, end - _at - 1);
                    _at = Math.Min(_text.Length, end + 1);
                    break;
                case '"':
                    known &= Quoted(text);
                    break;
                case '\\' when _at + 1 < _text.Length:
                    // One at the end of a line joins it to the next.
                    if (_text[_at + 1] != '\n')
                    {
                        text.Append(_text[_at + 1]);
                    }

                    _at += 2;
                    break;
                default:
                    known &= _text[_at] != '$';
                    text.Append(_text[_at++]);
                    break;
            }
        }

        return new GrubWord(text.ToString(), known);
    }

    private bool Quoted(StringBuilder text)
    {
        var known = true;
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] is '"' or '\\' or '$' or '\n')
            {
                _at++;
                if (_text[_at] != '\n')
                {
                    text.Append(_text[_at]);
                }
            }
            else
            {
                known &= _text[_at] != '$';
                text.Append(_text[_at]);
            }
        }

        _at = Math.Min(_text.Length, _at + 1);
        return known;
    }
}
