using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>Reads a bootstrapper's output as it comes: how far it is, and what it complains about.</summary>
internal sealed partial class BootstrapWatch(IStageProgress progress)
{
    private const int ErrorsKept = 30;

    private readonly ConcurrentQueue<string> _errors = new();
    private string _which = "packages";
    private int _packages;
    private int _downloaded;
    private int _configured;

    /// <summary>Error lines so far, oldest first.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Takes the next line.</summary>
    public void OnLine(string line)
    {
        if (ErrorLine().IsMatch(line) && _errors.Count < ErrorsKept)
        {
            _errors.Enqueue(line);
        }
        else if (NewlyInstalled().Match(line) is { Success: true } counted)
        {
            // mmdebstrap counts twice, each time before it downloads and installs: first the essential packages, then the others.
            _which = _packages == 0 ? "the essential packages" : "the other packages";
            _packages = int.Parse(counted.Groups["n"].ValueSpan, CultureInfo.InvariantCulture);
            (_downloaded, _configured) = (0, 0);
        }
        else if (line.StartsWith("Get:", StringComparison.Ordinal) || line.StartsWith("I: Retrieving ", StringComparison.Ordinal))
        {
            Report($"downloading {_which}", ++_downloaded);
        }
        else if (line.StartsWith("Setting up ", StringComparison.Ordinal) || line.StartsWith("I: Configuring ", StringComparison.Ordinal))
        {
            Report($"installing {_which}", ++_configured);
        }
        else if (line.StartsWith("I: creating tarball", StringComparison.Ordinal))
        {
            progress.Report("packing the base layer");
        }
    }

    private void Report(string activity, int done)
        => progress.Report(activity, _packages > 0 ? Math.Min(1.0, (double)done / _packages) : null);

    [GeneratedRegex("^(?:[0-9]+) upgraded, (?<n>[0-9]+) newly installed")]
    private static partial Regex NewlyInstalled();

    [GeneratedRegex("^(E: |Err:|W: (Failure|GPG error)|dpkg: error|dpkg-deb: error|tar: |zstd: |.*No space left on device)")]
    private static partial Regex ErrorLine();
}
