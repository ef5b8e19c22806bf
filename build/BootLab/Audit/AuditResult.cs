using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.BootLab.Audit;

/// <summary>What came out of a write audit.</summary>
/// <param name="Writes">Paths outside the flash list that were written.</param>
/// <param name="NotUsed">What of the client could not be used, and so was not audited; one line each.</param>
public sealed record AuditResult(ImmutableArray<AuditedWrite> Writes, ImmutableArray<string> NotUsed)
{
    /// <summary>What of the lab's own planted writes was not seen, one line each; then others may be missing too.</summary>
    public ImmutableArray<string> Unseen { get; init; } = [];

    /// <summary>Fails unless all was seen, all was used and nothing was written.</summary>
    /// <param name="recipe">The recipe's file, which is where findings are mended.</param>
    /// <exception cref="BuildFailedException">Every finding first, then what was not audited.</exception>
    public void RequireClean(string recipe)
    {
        ImmutableArray<Diagnostic> problems = [.. Unseen.Select(Blind), .. Writes.Select(w => Describe(w, recipe)), .. NotUsed.Select(Describe)];
        if (!problems.IsEmpty)
        {
            throw new BuildFailedException(problems);
        }
    }

    private static Diagnostic Blind(string unseen) => new($"write audit: blind: it planted and did not see {unseen}. What the image writes there was not seen either")
    {
        Hint = "Was the root made read-only, or covered? The client's serial log is in write-audit/ of the boot report. What is deleted again is seen where the image has python3 and the kernel CONFIG_FANOTIFY",
    };

    private static Diagnostic Describe(AuditedWrite write, string recipe)
    {
        var who = write.Processes.IsEmpty ? "" : $" by {string.Join(", ", write.Processes.Select(p => $"'{p}'"))}";
        return new Diagnostic($"{write.Path}: {write.What}{who}")
        {
            Where = new SourceLocation(recipe),
            Hint = write.RecipeLine is { } line
                ? $"To make it writable, add to the flash list: {line}"
                : "No line of the flash list covers this: have the program write elsewhere",
        };
    }

    private static Diagnostic Describe(string notUsed) => new($"write audit: {notUsed}")
    {
        Hint = "What could not be used was not audited. The boot test tells more about it",
    };
}
