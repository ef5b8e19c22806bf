namespace Dom0Image.Diagnostics;

/// <summary>The build cannot go on, for reasons that the user can act on. Never wraps a defect of ours.</summary>
internal class BuildFailedException : Exception
{
    /// <summary>Fails with everything that is wrong, in one go.</summary>
    public BuildFailedException(IEnumerable<Diagnostic> diagnostics, Exception? cause = null)
        : this([.. diagnostics], cause)
    {
    }

    /// <summary>Fails with one diagnostic.</summary>
    public BuildFailedException(Diagnostic diagnostic, Exception? cause = null)
        : this([diagnostic], cause)
    {
    }

    private BuildFailedException(IReadOnlyList<Diagnostic> diagnostics, Exception? cause)
        : base(diagnostics.Count == 1 ? $"{diagnostics[0]}" : $"{diagnostics.Count} problems:\n  {string.Join("\n  ", diagnostics)}", cause)
        => Diagnostics = diagnostics;

    /// <summary>What is wrong; at least one.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
