using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Stages;

namespace Dom0Image.Boot;

/// <summary>Has every boot file read by the tool that will read it, before anything is published.</summary>
public static class BootFileCheck
{
    /// <summary>Checks a set.</summary>
    /// <param name="set">What to check.</param>
    /// <param name="context">Tools, and a work directory.</param>
    /// <param name="exists">
    /// Whether a file that a menu names is there, by its path in the TFTP area (<c>/generations/ID/kernels/...</c>); null to
    /// leave that out.
    /// </param>
    /// <exception cref="BuildFailedException">All that is wrong.</exception>
    public static async Task CheckAsync(BootFileSet set, StageContext context, Func<string, bool>? exists = null)
    {
        List<Diagnostic> found = [.. MenuReferences.Check(set, exists ?? (_ => true))];
        var work = Path.Combine(context.Store.Work, $"boot-check-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            foreach (var (path, content) in set.MenuTexts)
            {
                await CheckAsync(context, found, path, Put(work, path, content), file => new ToolCommand("grub-script-check", file)).ConfigureAwait(false);
            }

            foreach (var (place, text) in set.ServerFiles)
            {
                var file = Put(work, place.TrimStart('/'), text.Content);
                await CheckAsync(context, found, place, file, f => ServerFileCheck.For(place, f)).ConfigureAwait(false);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        if (found.Count > 0)
        {
            throw new BuildFailedException(found);
        }
    }

    private static async Task CheckAsync(StageContext context, List<Diagnostic> found, string name, string file, Func<string, ToolCommand?> command)
    {
        if (command(file) is not { } check)
        {
            return;
        }

        if (!ServerFileCheck.IsInstalled(check.Program))
        {
            context.Progress.Warn($"{name} was not checked: '{check.Program}' is not installed");
            return;
        }

        try
        {
            await context.RunAsync(check).ConfigureAwait(false);
        }
        catch (ToolFailedException refused)
        {
            found.Add(new Diagnostic($"{name} is refused by the program that reads it: {string.Join("; ", refused.LastLines.TakeLast(6))}"));
        }
    }

    private static string Put(string work, string path, string content)
    {
        var file = Path.Combine(work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }
}
