using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Store;

namespace Dom0Image.HostTools;

/// <summary>Reads from apt-get's lines how far it is: each package is downloaded, unpacked and set up.</summary>
/// <param name="progress">Told of it.</param>
internal sealed partial class AptProgress(IStageProgress progress)
{
    private int _packages = 1;
    private int _steps;

    /// <summary>Takes one line of output.</summary>
    public void Take(string line)
    {
        if (Counts().Match(line) is { Success: true } counts)
        {
            _packages = Math.Max(1, Number(counts.Groups[1]) + Number(counts.Groups[2]));
        }
        else if (line.StartsWith("Get:", StringComparison.Ordinal))
        {
            progress.Report("downloading packages", Step());
        }
        else if (line.StartsWith("Unpacking ", StringComparison.Ordinal))
        {
            progress.Report("unpacking packages", Step());
        }
        else if (line.StartsWith("Setting up ", StringComparison.Ordinal))
        {
            progress.Report("setting up packages", Step());
        }
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    // apt unpacks and sets up by turns: counted together, the share never goes back.
    private double Step() => Math.Min(1, ++_steps / (3.0 * _packages));

    [GeneratedRegex(@"^(\d+) upgraded, (\d+) newly installed")]
    private static partial Regex Counts();
}
