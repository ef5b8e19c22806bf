using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Merge;

/// <summary>What differs between the base's and the edit's content of a path, as <c>diff -u</c> tells it.</summary>
internal static class ConflictDiff
{
    private const int LinesKept = 200;
    private const long LargestText = 1 << 20;

    /// <summary>The lines; none where one of them is no text, or is not there.</summary>
    /// <param name="baseFile">The base's, on this machine.</param>
    /// <param name="editFile">The edit's.</param>
    /// <param name="path">How the path is named in it.</param>
    /// <param name="context">Runs diff.</param>
    public static async Task<ImmutableArray<string>> OfAsync(string baseFile, string editFile, string path, StageContext context)
    {
        if (!IsText(baseFile) || !IsText(editFile))
        {
            return [];
        }

        // What somebody wrote there may hold a key: it stands in no log.
        var compared = await context.RunAsync(
            new ToolCommand("diff", "--unified", "--label", $"{path} (base)", "--label", $"{path} (edit)", "--", baseFile, editFile) { SuccessCodes = [0, 1, 2], OutputIsSecret = true }).ConfigureAwait(false);
        string[] lines = compared.Output.TrimEnd('\n').Split('\n');
        return lines.Length > LinesKept ? [.. lines.Take(LinesKept), $"... and {lines.Length - LinesKept} lines more"] : [.. lines.Where(line => line.Length > 0)];
    }

    private static bool IsText(string file)
        => !file.Contains('\0') && FileNode.Find(file) is { IsFile: true, Size: <= LargestText } node && !node.ReadAllBytes().Contains((byte)0);
}
