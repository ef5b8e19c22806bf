using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>The packages of a recipe, installed, and nothing of ours yet. Kept in the store as an archive.</summary>
/// <param name="Output">Where it stands.</param>
internal sealed partial record BaseLayerArchive(StageOutput Output)
{
    /// <summary>Name of the archive in the stage's directory.</summary>
    internal const string ArchiveName = "rootfs.tar.zst";

    /// <summary>Name of the package list in the stage's directory.</summary>
    internal const string PackageListName = "packages.txt";

    private const string SizeName = "size";

    private const string DateName = "date";

    /// <summary>The tree as a tar archive under zstd: owners, modes, hard links, xattrs and device nodes are in it.</summary>
    public string Archive => Path.Combine(Output.Directory, ArchiveName);

    /// <summary>A file with a line <c>name version architecture</c> for each installed package.</summary>
    public string PackageList => Path.Combine(Output.Directory, PackageListName);

    /// <summary>The time of what the bootstrap itself made; all that packages brought is older.</summary>
    public DateTimeOffset Date => Path.Combine(Output.Directory, DateName) is var kept && File.Exists(kept)
        ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(File.ReadAllText(kept), CultureInfo.InvariantCulture))
        : DateTimeOffset.UnixEpoch;

    /// <summary>Which ids its accounts have in an image.</summary>
    /// <param name="ids">The lines of the checkout.</param>
    /// <param name="context">For the tools.</param>
    /// <exception cref="BuildFailedException">A line gives an account the id that is another's in every system of the suite.</exception>
    public async Task<AccountPlan> PlanAccountsAsync(AccountIds ids, StageContext context)
    {
        var tables = await Task.WhenAll(ReadAsync("/etc/passwd", context), ReadAsync("/etc/group", context)).ConfigureAwait(false);
        return AccountPlan.For(ids, tables[0], tables[1]);
    }

    /// <summary>Bytes of the archive when it is unpacked.</summary>
    /// <param name="context">For the tools.</param>
    /// <exception cref="BuildFailedException">The archive is damaged.</exception>
    public Task<long> SizeAsync(StageContext context)
    {
        // One that was made before this was kept has to be read to its end.
        var kept = Path.Combine(Output.Directory, SizeName);
        return File.Exists(kept) ? Task.FromResult(long.Parse(File.ReadAllText(kept), CultureInfo.InvariantCulture)) : MeasureAsync(Archive, Damaged, context);
    }

    /// <summary>Keeps the size of an archive that was just made, beside it.</summary>
    /// <param name="directory">The stage's directory.</param>
    /// <param name="context">For the tools.</param>
    internal static async Task KeepSizeAsync(string directory, StageContext context)
    {
        var size = await MeasureAsync(Path.Combine(directory, ArchiveName), null, context).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(directory, SizeName), size.ToString(CultureInfo.InvariantCulture), context.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Keeps the date of an archive that was just made, beside it.</summary>
    internal static Task KeepDateAsync(string directory, DateTimeOffset date)
        => File.WriteAllTextAsync(Path.Combine(directory, DateName), date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>Unpacks it with owners, modes, xattrs and device nodes as they were. Needs root.</summary>
    /// <param name="directory">Empty or not there yet.</param>
    /// <param name="context">For the tools.</param>
    /// <exception cref="BuildFailedException">The directory holds something, the archive is damaged, or the disk is full.</exception>
    public async Task UnpackAsync(string directory, StageContext context)
    {
        Directory.CreateDirectory(directory);
        if (Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new BuildFailedException(new Diagnostic($"'{directory}' is not empty, so no base layer is unpacked into it"));
        }

        context.Progress.Report("unpacking the base layer");
        try
        {
            await context.RunAsync(new ToolCommand(
                "tar", "--extract", "--file", Archive, "--zstd", "--directory", directory,
                "--preserve-permissions", "--same-owner", "--numeric-owner", "--xattrs", "--xattrs-include=*")
            {
                Hint = Damaged,
            }).ConfigureAwait(false);
        }
        catch (ToolFailedException failure) when (DiskSpace.Explain(failure, directory) is { } explained)
        {
            throw explained;
        }
    }

    private string Damaged => $"If the archive is damaged, delete {Output.Directory} and build again.";

    // The archive is sorted: tar is done with it before the large directories come.
    private async Task<string> ReadAsync(string imagePath, StageContext context)
        => (await context.RunAsync(new ToolCommand("tar", "--extract", "--to-stdout", "--occurrence=1", "--zstd", "--file", Archive, "." + imagePath)
        {
            Hint = Damaged,
        }).ConfigureAwait(false)).Output;

    private static async Task<long> MeasureAsync(string archive, string? hint, StageContext context)
    {
        long? size = null;
        await context.RunAsync(new ToolCommand("zstd", "--test", "--verbose", "--no-progress", archive) { Hint = hint }, line =>
        {
            if (TestedSize().Match(line) is { Success: true } match)
            {
                size = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            }
        }).ConfigureAwait(false);
        return size ?? throw new InvalidOperationException($"zstd does not tell the size of '{archive}'");
    }

    // "rootfs.tar.zst: 184122880 bytes"
    [GeneratedRegex(@": *([0-9]+) bytes\s*$")]
    private static partial Regex TestedSize();
}
