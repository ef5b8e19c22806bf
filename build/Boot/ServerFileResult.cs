namespace Dom0Image.Boot;

/// <summary>What became of a server's file.</summary>
/// <param name="Place">Where the server reads it, without the prefix.</param>
/// <param name="Outcome">What was done.</param>
/// <param name="Kept">A file that stands beside it, without the prefix: the package's old default, or our text that waits for the administrator; null for none.</param>
internal sealed record ServerFileResult(string Place, ServerFileOutcome Outcome, string? Kept = null)
{
    /// <summary>The place, without the prefix, that was written; null for none.</summary>
    public string? Changed { get; init; }

    /// <summary>A sentence for the user, or null when there is nothing to do.</summary>
    public string? Warning => Outcome == ServerFileOutcome.WrittenBeside
        ? $"{Place} was written or changed by somebody else and is kept; what it should hold is in {Kept}"
        : null;

    /// <summary>A sentence for the user who need not act; null for none.</summary>
    public string? Note => Outcome == ServerFileOutcome.ReplacedDefault ? $"{Place} was as its package had made it, and is ours now; the old one is {Kept}" : null;
}

/// <summary>What was done to a server's file.</summary>
internal enum ServerFileOutcome
{
    /// <summary>It held this already; not touched.</summary>
    Unchanged,

    /// <summary>It was not there, or was an older one of ours.</summary>
    Written,

    /// <summary>It was as a package brought it; that is kept beside it.</summary>
    ReplacedDefault,

    /// <summary>It is an administrator's own; ours was put beside it.</summary>
    WrittenBeside,
}
