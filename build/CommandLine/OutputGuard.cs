using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.CommandLine;

/// <summary>Keeps a run going when nobody can read what it says: output that is closed, on a full disk, or a terminal that went away.</summary>
internal sealed class OutputGuard(TextWriter inner) : TextWriter
{
    private bool _lost;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Guards the output and the error output of this process. To be called before anything is written.</summary>
    public static void Install()
    {
        Console.SetOut(InheritedFile.WasClosed(1) ? Null : new OutputGuard(Console.Out));
        Console.SetError(InheritedFile.WasClosed(2) ? Null : new OutputGuard(Console.Error));
    }

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (_lost)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _lost = true;
        }
    }
}
