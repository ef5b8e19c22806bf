using System.Text;

namespace Dom0Image.BootLab.Serial;

/// <summary>
/// Takes out of a console's text what the hypervisor says in the middle of a line of dom0's, so that the line is whole again. It waits for
/// nobody's end of a line: on a busy machine Xen 4.20 says "uart interrupt taking more than 4ms, switched to polling", once, and wherever it is.
/// Keeps its state between pieces.
/// </summary>
internal sealed class HypervisorAsides
{
    private const string Start = "(XEN) ";

    // What may become an aside, or is one.
    private readonly StringBuilder _aside = new();
    private bool _lineIsEmpty = true;

    /// <summary>The text without asides.</summary>
    /// <param name="text">The next piece of output.</param>
    /// <param name="tell">Told each aside, a line without its end.</param>
    public string Take(string text, Action<string> tell)
    {
        var rest = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (_aside.Length >= Start.Length)
            {
                TakeAside(c, tell);
            }
            else if (!_lineIsEmpty && c == Start[_aside.Length])
            {
                _aside.Append(c);
            }
            else
            {
                rest.Append(_aside);
                _aside.Clear();
                Begin(c, rest);
            }
        }

        return rest.ToString();
    }

    private void Begin(char c, StringBuilder rest)
    {
        (!_lineIsEmpty && c == Start[0] ? _aside : rest).Append(c);
        _lineIsEmpty = c == '\n';
    }

    private void TakeAside(char c, Action<string> tell)
    {
        if (c != '\n')
        {
            _aside.Append(c);
            return;
        }

        tell(_aside.ToString());
        _aside.Clear();
    }
}
