using System.Text.RegularExpressions;
using Dom0Image.Store;

namespace Dom0Image.Testing;

/// <summary>Follows the console lines of <c>dotnet test</c>, for progress only: results come from its result file.</summary>
/// <param name="progress">Told of each test that ended.</param>
internal sealed partial class TestLines(IStageProgress progress)
{
    private int _done;

    /// <summary>Takes one line of output.</summary>
    public void Take(string line)
    {
        if (Ended().Match(line) is not { Success: true } ended)
        {
            return;
        }

        _done++;
        if (ended.Groups[1].Value == "Failed")
        {
            progress.Warn($"failed: {ended.Groups[2].Value}");
        }
        else
        {
            progress.Report($"{_done} done, the last: {ended.Groups[2].Value}");
        }
    }

    [GeneratedRegex(@"^  (Passed|Failed|Skipped) (.*?)( \[[^]]*\])?$")]
    private static partial Regex Ended();
}
