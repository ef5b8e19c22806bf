using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Stages;

namespace Dom0Image.HostTools;

/// <summary>Reads from apt-get's lines how far it is: one third each for download, unpacking and setting up.</summary>
/// <param name="progress">Told of it.</param>
internal sealed partial class AptProgress(IStageProgress progress)
{
    private int _packages = 1;
    private int _unpacked;
    private int _setUp;
    private int _fetched;

    /// <summary>Takes one line of output.</summary>
    public void Take(string line)
    {
        if (Counts().Match(line) is { Success: true } counts)
        {
            _packages = Math.Max(1, Number(counts.Groups[1]) + Number(counts.Groups[2]));
        }
        else if (line.StartsWith("Get:", StringComparison.Ordinal))
        {
            progress.Report("downloading packages", Share(++_fetched, 0));
        }
        else if (line.StartsWith("Unpacking ", StringComparison.Ordinal))
        {
            progress.Report("unpacking packages", Share(++_unpacked, 1));
        }
        else if (line.StartsWith("Setting up ", StringComparison.Ordinal))
        {
            progress.Report("setting up packages", Share(++_setUp, 2));
        }
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    private double Share(int done, int thirdsBefore) => (thirdsBefore + Math.Min(1.0, (double)done / _packages)) / 3;

    [GeneratedRegex(@"^(\d+) upgraded, (\d+) newly installed")]
    private static partial Regex Counts();
}
