using System.Text;

namespace Dom0Image.BootLab.Serial;

/// <summary>
/// Makes plain lines out of what firmware, boot loader and kernel write to a terminal: drops colours and carriage
/// returns, and takes every jump of the cursor for the end of a line. Keeps its state between pieces.
/// </summary>
internal sealed class TerminalFilter
{
    private enum State
    {
        Text,
        Escape,
        Sequence,
    }

    private State _state;
    private bool _lineIsEmpty = true;

    /// <summary>The plain text of the next piece of output.</summary>
    public string Take(ReadOnlySpan<byte> bytes)
    {
        var plain = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            Take((char)value, plain);
        }

        return plain.ToString();
    }

    private void Take(char c, StringBuilder plain)
    {
        switch (_state)
        {
            case State.Escape:
                _state = c == '[' ? State.Sequence : State.Text;
                break;
            case State.Sequence when c is >= '@' and <= '~':
                _state = State.Text;
                if (c is 'H' or 'f' or 'J' or 'd')
                {
                    Break(plain);
                }

                break;
            case State.Sequence:
                break;
            default:
                TakeText(c, plain);
                break;
        }
    }

    private void TakeText(char c, StringBuilder plain)
    {
        switch (c)
        {
            case '\x1b':
                _state = State.Escape;
                break;
            case '\n':
                plain.Append('\n');
                _lineIsEmpty = true;
                break;
            case '\b' when plain.Length > 0 && plain[^1] != '\n':
                plain.Length--;
                break;
            case '\t' or (>= ' ' and < '\x7f'):
                plain.Append(c);
                _lineIsEmpty = false;
                break;
            default:
                break;
        }
    }

    private void Break(StringBuilder plain)
    {
        if (!_lineIsEmpty)
        {
            plain.Append('\n');
            _lineIsEmpty = true;
        }
    }
}
