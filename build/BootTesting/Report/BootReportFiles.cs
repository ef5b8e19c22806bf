using Dom0Image.Generations;

namespace Dom0Image.BootTesting.Report;

/// <summary>Keeps a boot report beside the logs: as data, as a table, as a picture.</summary>
internal static class BootReportFiles
{
    /// <summary>Where the report of a generation is kept: beside its root and its manifest.</summary>
    public static string DirectoryOf(GenerationTree generation) => Path.Combine(generation.ImageDirectory, "boot-report");

    /// <summary>Writes <c>report.json</c>, <c>report.txt</c> and <c>timeline.svg</c>.</summary>
    /// <param name="directory">Where; it is there already.</param>
    /// <param name="report">What.</param>
    public static void Write(string directory, BootReport report)
    {
        File.WriteAllText(Path.Combine(directory, BootReport.FileName), report.ToJson() + "\n");
        File.WriteAllText(Path.Combine(directory, "report.txt"), BootTable.Render(report));
        File.WriteAllText(Path.Combine(directory, "timeline.svg"), BootTimeline.Render(report));
    }
}
