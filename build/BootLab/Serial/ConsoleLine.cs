namespace Dom0Image.BootLab.Serial;

/// <summary>A line that a client wrote on its serial console.</summary>
/// <param name="At">When its first character came, since the client's start.</param>
/// <param name="Text">The line without control characters.</param>
internal sealed record ConsoleLine(TimeSpan At, string Text);
