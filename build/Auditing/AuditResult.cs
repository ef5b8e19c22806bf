using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Auditing;

/// <summary>What came out of a write audit.</summary>
/// <param name="Writes">Paths outside the flash list that were written.</param>
/// <param name="Proposal">What the recipe needs for them.</param>
internal sealed record AuditResult(ImmutableArray<AuditedWrite> Writes, FlashProposal Proposal)
{
    private const int NamesTold = 5;
    private const int ProcessesTold = 3;

    /// <summary>What of the client could not be used, and so was not audited; one line each.</summary>
    public ImmutableArray<string> NotUsed { get; init; } = [];

    /// <summary>What of the lab's own planted writes was not seen, one line each; then others may be missing too.</summary>
    public ImmutableArray<string> Unseen { get; init; } = [];

    /// <summary>All of it in a few words. Who was blind does not say that there was nothing.</summary>
    public string Summary
    {
        get
        {
            var failed = NotUsed.IsEmpty ? "" : $", {NotUsed.Length} uses failed";
            return Unseen.IsEmpty
                ? $"{(Writes.IsEmpty ? "nothing" : $"{Writes.Length} paths")} written outside the flash list{failed}"
                : $"blind: {Writes.Length} paths seen{failed}";
        }
    }

    /// <summary>Fails unless all was seen, all was used, and nothing was written or the recipe has the lines for it now.</summary>
    /// <param name="application">The proposal against the user's recipe.</param>
    /// <param name="applied">Whether its lines were put into the recipe.</param>
    /// <exception cref="BuildFailedException">Blindness first, then each line that is missing, what no line covers, what was not audited.</exception>
    public void RequireClean(FlashApplication application, bool applied)
    {
        ImmutableArray<Diagnostic> problems =
        [
            .. Unseen.Select(Blind),
            .. applied ? [] : Lines(application),
            .. application.There.Select(l => new Diagnostic($"{Describe(l.Line)}; this recipe has it on its flash list, and the generation's had not") { Where = l.Entry.Where, Hint = "Build again" }),
            .. application.Uncovered.GroupBy(u => (Directory: ContainedPath.Parent(u.Write.Path), u.Why)).Select(g => Describe(g.Key.Directory, g.Key.Why, [.. g.Select(u => u.Write)])),
            .. NotUsed.Select(n => new Diagnostic($"write audit: {n}") { Hint = "What could not be used was not audited. The boot test tells more about it" }),
        ];
        if (!problems.IsEmpty)
        {
            throw new BuildFailedException(problems);
        }
    }

    private static Diagnostic Blind(string unseen) => new($"write audit: blind: it planted and did not see {unseen}. What the image writes there was not seen either")
    {
        Hint = "Was the root made read-only, or covered? The client's serial log is in write-audit/ of the boot report. What is deleted again is seen where the image has python3 and the kernel CONFIG_FANOTIFY",
    };

    private static IEnumerable<Diagnostic> Lines(FlashApplication application)
    {
        if (application.Missing.IsEmpty)
        {
            yield break;
        }

        var place = application.Place;
        foreach (var (index, line) in application.Missing.Index())
        {
            var all = index == application.Missing.Length - 1 ? ". --target=WriteAudit --apply puts all these lines in" : "";
            yield return new Diagnostic(Describe(line)) { Where = place, Hint = $"Add to the flash list: {FlashText.Line(line.Entry)}{all}" };
        }

        if (application.Size is { } size)
        {
            yield return new Diagnostic("with these lines the flash list's limit leaves too little room") { Where = application.SizeWhere, Hint = $"Set size: {FlashText.Size(size)}" };
        }
    }

    private static string Describe(ProposedLine line)
    {
        var what = line.Writes is [{ } only] && only.Path == line.Entry.Path
            ? only.What
            : $"{line.Writes.Length} path{(line.Writes.Length == 1 ? "" : "s")} written below it, such as {Names(line.Writes, line.Entry.Path)}";
        return $"{line.Entry.Path}: {what}{By(line.Writes)}";
    }

    private static Diagnostic Describe(string directory, string why, ImmutableArray<AuditedWrite> writes)
    {
        var what = string.Join("; ", writes.GroupBy(w => w.What).Select(g => $"{g.Key}: {Names([.. g], directory)}"));
        return new Diagnostic($"{(directory.Length == 0 ? "/" : directory)}: {what}{By(writes)}")
        {
            Hint = $"No line of the flash list covers this: {why}. Have the program write elsewhere, or do it once in an overlay",
        };
    }

    private static string Names(ImmutableArray<AuditedWrite> writes, string directory)
    {
        var more = writes.Length > NamesTold ? $" and {writes.Length - NamesTold} more" : "";
        return string.Join(", ", writes.Take(NamesTold).Select(w => FlashPaths.IsBelow(w.Path, directory) ? w.Path[(directory.Length + 1)..] : w.Path)) + more;
    }

    private static string By(ImmutableArray<AuditedWrite> writes)
    {
        ImmutableArray<string> processes = [.. writes.SelectMany(w => w.Processes).Select(AuditedProcess.Short).Distinct()];
        var more = processes.Length > ProcessesTold ? $" and {processes.Length - ProcessesTold} more" : "";
        return processes.IsEmpty ? "" : $" by {string.Join(", ", processes.Take(ProcessesTold).Select(p => $"'{p}'"))}{more}";
    }
}
