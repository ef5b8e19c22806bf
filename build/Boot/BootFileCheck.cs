using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Stages;
using Mono.Unix.Native;

namespace Dom0Image.Boot;

/// <summary>Has every boot file read by the program that will read it, before anything is published.</summary>
public static class BootFileCheck
{
    /// <summary>Checks a set. What the programs accepted is kept in the store and not asked again.</summary>
    /// <param name="set">What to check.</param>
    /// <param name="context">Tools and store. A program that is not installed is told of, and its file left unchecked.</param>
    /// <param name="generation">The generation that the menus boot, which must have what they name; null to leave that out.</param>
    /// <exception cref="BuildFailedException">All that is wrong.</exception>
    public static async Task<StageOutput> CheckAsync(BootFileSet set, StageContext context, GenerationTree? generation = null)
    {
        List<Diagnostic> found = generation is null ? [] : [.. Lacking(set, generation, context)];
        var checks = Checks(set, context).ToArray();
        var key = checks.Aggregate(StageKey.For("boot-check", 1), (k, c) => k
            .Add(c.Name, c.Content)
            .Add("program", $"{c.Program} {new FileInfo(c.Program).Length} {File.GetLastWriteTimeUtc(c.Program).Ticks}"));
        try
        {
            var output = await context.GetOrMakeAsync("boot-check", key.Build(), work => RunAsync(checks, work, context, found)).ConfigureAwait(false);
            return found.Count > 0 ? throw new BuildFailedException(found) : output;
        }
        catch (Refused)
        {
            throw new BuildFailedException(found);
        }
    }

    private static Diagnostic[] Lacking(BootFileSet set, GenerationTree generation, StageContext context)
    {
        using var built = BuiltMenus.Write(set, context.Store);
        return [.. MenuRules.Check(generation, built.Menus.Directory).Select(finding => finding.ToDiagnostic())];
    }

    private static IEnumerable<Check> Checks(BootFileSet set, StageContext context)
    {
        var grub = new ServerFileCheck("grub-script-check", "grub-common", (file, _) => new ToolCommand("grub-script-check", file));
        IEnumerable<(string Name, string Content, ServerFileCheck How)> all =
        [
            .. set.MenuTexts.Select(m => ($"menus/{m.Path}", m.Content, grub)),
            .. set.ServerFiles.Select(f => (f.Key, f.Value.Content, ServerFileCheck.For(f.Key))),
        ];
        foreach (var (name, content, how) in all)
        {
            if (how.Installed is not { } program)
            {
                context.Progress.Note($"{name} was not checked: {how.Program} is not installed (package {how.Package})");
            }
            else if (how.NeedsRoot && Syscall.geteuid() != 0)
            {
                context.Progress.Note($"{name} was not checked: {how.Program} can only be asked by root");
            }
            else
            {
                yield return new Check(name, content, program, how.Command);
            }
        }
    }

    private static async Task RunAsync(Check[] checks, string work, StageContext context, List<Diagnostic> found)
    {
        var refused = false;
        foreach (var (check, index) in checks.Select((c, i) => (c, i)))
        {
            context.Progress.Report($"checking {check.Name}", (double)index / checks.Length);
            var file = Path.Combine(work, check.Name.TrimStart('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, check.Content, context.Cancellation).ConfigureAwait(false);
            try
            {
                await context.RunAsync(check.Command(file, check.Content)).ConfigureAwait(false);
            }
            catch (ToolFailedException failure)
            {
                refused = true;
                found.Add(new Diagnostic($"{check.Name} is refused by {Path.GetFileName(check.Program)}: {string.Join("; ", failure.LastLines.TakeLast(6))}"));
            }
        }

        if (refused)
        {
            // Keeps the store from taking it for checked.
            throw new Refused();
        }
    }

    private sealed record Check(string Name, string Content, string Program, Func<string, string, ToolCommand> Command);

    private sealed class Refused : Exception;
}
