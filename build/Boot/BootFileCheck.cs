using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Menus;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Boot;

/// <summary>Has every boot file read by the program that will read it, before anything is published.</summary>
internal static class BootFileCheck
{
    private const string MenuPrefix = "menus/";

    // What xargs(1) ends with when a program that it ran failed.
    private const int SomeFailed = 123;

    /// <summary>Checks a set. What the programs accepted is kept in the store and not asked again.</summary>
    /// <param name="set">What to check.</param>
    /// <param name="context">Tools and store. A program that is not installed is told of, and its file left unchecked.</param>
    /// <param name="already">What is known to be wrong with it; told together with what is found.</param>
    /// <exception cref="BuildFailedException">All that is wrong.</exception>
    public static async Task<StageOutput> CheckAsync(BootFileSet set, StageContext context, IEnumerable<Diagnostic>? already = null)
    {
        List<Diagnostic> found = [.. already ?? []];
        var checks = Checks(set, context).ToArray();
        var key = checks.Aggregate(StageKey.For("boot-check", 2), (k, c) => k
            .Add(c.Name, c.Content)
            .Add("program", c.ProgramState));
        try
        {
            var output = await context.GetOrMakeAsync("boot-check", key.Build(), work => RunAsync(checks, work, context, found)).ConfigureAwait(false);
            found.AddRange(Senseless(set, found));
            return found.Count > 0 ? throw new BuildFailedException(found) : output;
        }
        catch (Refused)
        {
            throw new BuildFailedException([.. found, .. Senseless(set, found)]);
        }
    }

    // What a program does not refuse may be nothing to it: told unless it refused the file itself.
    private static IEnumerable<Diagnostic> Senseless(BootFileSet set, List<Diagnostic> refused)
        => from file in set.ServerFiles
           from problem in ServerFiles.At(file.Key).Problems(file.Value.Content, set)
           where !refused.Any(diagnostic => diagnostic.What.StartsWith(file.Key + " ", StringComparison.Ordinal))
           select new Diagnostic($"{file.Key} {problem}");

    private static IEnumerable<Check> Checks(BootFileSet set, StageContext context)
    {
        var grub = new ServerFileCheck(Grub2.Checker, Grub2.CheckerPackage, (file, _) => Grub2.Check(file));
        IEnumerable<(string Name, string Content, ServerFileCheck How)> all =
        [
            .. set.MenuTexts.Select(m => ($"{MenuPrefix}{m.Path}", m.Content, grub)),
            .. set.ServerFiles.Select(f => (f.Key, f.Value.Content, ServerFiles.At(f.Key).Check)),
        ];
        // Looked for once, and told of once: a site can have thousands of menus.
        foreach (var files in all.GroupBy(file => file.How.Program))
        {
            var how = files.First().How;
            var left = $"{files.First().Name}{(files.Count() > 1 ? $" and {files.Count() - 1} more were" : " was")} not checked";
            if (how.Installed is not { } program)
            {
                context.Progress.Note($"{left}: {how.Program} is not installed (package {how.Package})");
            }
            else if (how.NeedsRoot && !Environment.IsPrivilegedProcess)
            {
                context.Progress.Note($"{left}: {how.Program} can only be asked by root");
            }
            else
            {
                var state = $"{program} {new FileInfo(program).Length} {File.GetLastWriteTimeUtc(program).Ticks}";
                foreach (var (name, content, its) in files)
                {
                    yield return new Check(name, content, program, state, its.Command);
                }
            }
        }
    }

    private static async Task RunAsync(Check[] checks, string work, StageContext context, List<Diagnostic> found)
    {
        foreach (var check in checks)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(check.FileIn(work))!);
            await File.WriteAllTextAsync(check.FileIn(work), check.Content, context.Cancellation).ConfigureAwait(false);
        }

        // A site can have thousands of menus: all in one go, and one by one only to tell which is bad.
        var menus = checks.Where(c => c.IsMenu).ToArray();
        var left = menus.Length > 0 && await AcceptsAllAsync(menus, work, context).ConfigureAwait(false) ? checks.Except(menus).ToArray() : checks;
        var refused = false;
        foreach (var (index, check) in left.Index())
        {
            context.Progress.Report($"checking {check.Name}", (double)index / left.Length);
            var file = check.FileIn(work);
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

    private static async Task<bool> AcceptsAllAsync(Check[] menus, string work, StageContext context)
    {
        context.Progress.Report($"checking {menus.Length} menus");
        var processes = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var result = await context.RunAsync(new ToolCommand("xargs", "--null", "--max-args=1", $"--max-procs={processes}", menus[0].Program)
        {
            StandardInput = string.Concat(menus.Select(menu => menu.FileIn(work) + "\0")),
            SuccessCodes = [0, SomeFailed],
        }).ConfigureAwait(false);
        return result.ExitCode == 0;
    }

    private sealed record Check(string Name, string Content, string Program, string ProgramState, Func<string, string, ToolCommand> Command)
    {
        public bool IsMenu => Name.StartsWith(MenuPrefix, StringComparison.Ordinal);

        public string FileIn(string work) => Path.Combine(work, Name.TrimStart('/'));
    }

    private sealed class Refused : Exception;
}
