namespace Dom0Image.Diagnostics;

/// <summary>A place in a text file that a person can open.</summary>
/// <param name="File">Path as the user would type it.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
internal sealed record SourceLocation(string File, int Line = 1, int Column = 1)
{
    /// <summary>The place as editors and terminals link it: <c>file:line:column</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>One thing that is wrong, told so that the reader can put it right.</summary>
/// <param name="What">What is wrong, with the offending value.</param>
internal sealed record Diagnostic(string What)
{
    /// <summary>Where it was written, when it comes from a file.</summary>
    public SourceLocation? Where { get; init; }

    /// <summary>What would have been right, for example <c>"an octal mode such as 0755"</c>.</summary>
    public string? Expected { get; init; }

    /// <summary>The next thing to do.</summary>
    public string? Hint { get; init; }

    /// <summary><c>file:line:column: what; expected ... . hint</c>, on one line unless a part has several.</summary>
    public override string ToString()
    {
        var text = (Where is null ? What : $"{Where}: {What}").TrimEnd();
        if (Expected is not null)
        {
            text += $"; expected {Expected}";
        }

        // What a tool said stands on lines of its own, and so does what comes after it.
        var separator = What.Contains('\n') ? "\n" : text.EndsWith('.') ? " " : ". ";
        return Hint is null ? text : text + separator + Hint;
    }
}
