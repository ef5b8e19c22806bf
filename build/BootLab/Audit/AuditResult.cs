using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.BootLab.Audit;

/// <summary>What came out of a write audit.</summary>
/// <param name="Writes">Paths outside the flash list that were written.</param>
/// <param name="NotUsed">What of the client could not be used, and so was not audited; one line each.</param>
public sealed record AuditResult(ImmutableArray<AuditedWrite> Writes, ImmutableArray<string> NotUsed)
{
    /// <summary>Fails unless all was used and nothing was written.</summary>
    /// <param name="recipe">The recipe's file, which is where findings are mended.</param>
    /// <exception cref="BuildFailedException">Every finding first, then what was not audited.</exception>
    public void RequireClean(string recipe)
    {
        ImmutableArray<Diagnostic> problems = [.. Writes.Select(w => Describe(w, recipe)), .. NotUsed.Select(Describe)];
        if (!problems.IsEmpty)
        {
            throw new BuildFailedException(problems);
        }
    }

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
