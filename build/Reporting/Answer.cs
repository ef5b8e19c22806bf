using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Reporting;

/// <summary>
/// What a target answers that only looks: it alone is written to the output, so that a program can read it. Each form is made when it is
/// asked for.
/// </summary>
/// <param name="Text">For people.</param>
/// <param name="Json">For programs.</param>
internal sealed record Answer(Func<string> Text, Func<string> Json)
{
    /// <summary>As a page of HTML; null for a target that has none.</summary>
    public Func<string>? Page { get; init; }

    /// <summary>Writes it.</summary>
    /// <param name="output">Where what is not for a file goes.</param>
    /// <param name="json">Whether that is JSON.</param>
    /// <param name="file">A file, whose name's end says what is written into it; null for none.</param>
    /// <exception cref="BuildFailedException">The file cannot be written, or there is no such form.</exception>
    public void Write(TextWriter output, bool json, string? file)
    {
        if (file is not null)
        {
            Save(file);
        }

        if (json || file is null)
        {
            output.Write(json ? Json() + "\n" : Text());
        }
        else
        {
            output.WriteLine($"written: {UserPath.Of(file)}");
        }

        output.Flush();
    }

    private void Save(string file)
    {
        var form = Path.GetExtension(file) switch
        {
            ".json" => () => Json() + "\n",
            ".html" => Page,
            _ => Text,
        };
        var content = form ?? throw new BuildFailedException(new Diagnostic($"this target writes no page of HTML to '{file}'") { Expected = "a name that ends in .json or .txt" });
        try
        {
            Durable.ReplaceFile(file, Encoding.UTF8.GetBytes(content()), PublicModes.File);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot write '{file}': {problem.Message}"), problem);
        }
    }
}
