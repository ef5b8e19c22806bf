using System.Collections.Immutable;
using Dom0Image.BootTesting.Report;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Status;

/// <summary>Reads how the generations of a place stand. One that is damaged is among them, and stops nothing.</summary>
/// <param name="places">Where they stand.</param>
/// <param name="booted">Id of the one that hosts boot; null for none.</param>
internal sealed class GenerationReading(Places places, string? booted)
{
    // On file systems on which generations share blocks; names alone tell nothing there.
    private readonly Lazy<IReadOnlyDictionary<string, long>?> _shared = new(() => SharesBlocks(places) ? OwnContent.OfEach(places, [.. GenerationList.Of(places).Select(kept => kept.Info)]) : null);

    /// <summary>All of them, newest first; sizes are taken side by side.</summary>
    public ImmutableArray<GenerationStatus> Read()
    {
        var directory = places.OnDisk(Places.Generations);
        string[] ids = Directory.Exists(directory) ? [.. Directory.GetDirectories(directory).Select(path => Path.GetFileName(path)).Where(id => !id.StartsWith('.') && id != "lost+found")] : [];
        var sets = MenuSets();
        var read = ids.AsParallel().Select(id => Of(GenerationTree.Finished(places, id)) with { MenuSets = sets.GetValueOrDefault(id) }).ToList();
        var since = read.Find(generation => generation.Role is GenerationRole.Booted)?.Created;
        return [.. read.Select(generation => generation with { Role = Role(generation, since) }).OrderByDescending(generation => generation.Created).ThenBy(generation => generation.Id, StringComparer.Ordinal)];
    }

    private GenerationStatus Of(GenerationTree tree)
    {
        var status = new GenerationStatus(tree.Id) { Role = tree.Id == booted ? GenerationRole.Booted : GenerationRole.Earlier };
        try
        {
            var info = GenerationInfo.Read(tree);
            var report = BootReport.Find(BootReportFiles.DirectoryOf(tree));
            var size = TreeSize.Of(tree.ImageDirectory, tree.TftpDirectory);
            return status with
            {
                Recipe = info.Recipe,
                Created = info.Created,
                Edits = [.. (info.Layers ?? []).Select(layer => layer.Name)],
                Bytes = size?.Whole,
                OwnBytes = _shared.Value?.GetValueOrDefault(tree.Id) ?? size?.Own,
                BootTest = report switch
                {
                    null => BootTestState.None,
                    { Passed: false } => BootTestState.Failed,
                    { NotBooted.IsDefaultOrEmpty: false } => BootTestState.Quick,
                    _ => BootTestState.Full,
                },
                Why = report is { Passed: false, Problems: [var first, ..] } ? $"its boot test failed: {first.Title}" : null,
            };
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException or UnauthorizedAccessException)
        {
            return status with { Role = tree.Id == booted ? GenerationRole.Booted : GenerationRole.Damaged, Why = problem.Message };
        }
    }

    private static GenerationRole Role(GenerationStatus generation, DateTimeOffset? since)
        => generation.Role is GenerationRole.Earlier && (since is null || generation.Created > since) ? GenerationRole.Ready : generation.Role;

    private Dictionary<string, int> MenuSets()
    {
        var menus = places.OnDisk(Places.Menus);
        return Directory.Exists(menus)
            ? Directory.GetDirectories(menus).Where(set => !Path.GetFileName(set).StartsWith('.')).Select(MenuReading.GenerationIn).OfType<string>().CountBy(id => id).ToDictionary()
            : [];
    }

    private static bool SharesBlocks(Places places)
        => MountInfo.Read().Holding(places.OnDisk(Places.Generations)).Type is "xfs" or "btrfs";
}
