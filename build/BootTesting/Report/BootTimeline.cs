using System.Globalization;
using System.Security;
using System.Text;
using Dom0Image.BootLab.Steps;

namespace Dom0Image.BootTesting.Report;

/// <summary>A boot report as a picture: a bar for each client, a piece of it for each step. <c>timeline.svg</c>.</summary>
internal static class BootTimeline
{
    private const int Left = 230;
    private const int Width = 760;
    private const int RowHeight = 34;
    private const int Top = 70;

    private static readonly BootStep[] Steps = [.. Enum.GetValues<BootStep>().Where(s => s != BootStep.PoweredOn)];

    // Neighbours differ in lightness too, for those who do not tell the hues apart.
    private static readonly string[] Colours =
        ["#264653", "#76a5af", "#2a9d8f", "#a8dadc", "#8d5524", "#e9c46a", "#3d5a80", "#f4a261", "#6d597a", "#90be6d"];

    /// <summary>The picture.</summary>
    public static string Render(BootReport report)
    {
        var longest = Math.Max(10, report.Boots.Select(b => b.Seconds.Count == 0 ? 0 : b.Seconds.Values.Max()).DefaultIfEmpty().Max());
        var height = Top + (report.Boots.Length * RowHeight) + 40;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Left + Width + 60}" height="{height}" font-family="sans-serif" font-size="12">""");
        svg.AppendLine("""<rect width="100%" height="100%" fill="white"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="10" y="20" font-size="15">{Text($"Boot of {report.Generation} ({report.Acceleration}): each piece ends when its step was reached")}</text>""");
        Legend(svg);
        Scale(svg, longest, height);
        foreach (var (index, boot) in report.Boots.Index())
        {
            Row(svg, boot, Top + (index * RowHeight), Width / longest);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Legend(StringBuilder svg)
    {
        foreach (var (index, step) in Steps.Index())
        {
            var x = 10 + (index * 96);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{x}" y="32" width="12" height="12" fill="{Colours[index]}"/><text x="{x + 16}" y="42">{step.Short()}</text>""");
        }
    }

    private static void Scale(StringBuilder svg, double longest, int height)
    {
        var stride = longest > 120 ? 30 : longest > 50 ? 10 : 5;
        for (var seconds = 0; seconds <= longest; seconds += stride)
        {
            var x = Left + (seconds * Width / longest);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x:F1}" y1="{Top - 6}" x2="{x:F1}" y2="{height - 28}" stroke="#ddd"/><text x="{x:F1}" y="{height - 12}" text-anchor="middle">{seconds} s</text>""");
        }
    }

    private static void Row(StringBuilder svg, BootRecord boot, int y, double scale)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y + 16}" text-anchor="end">{Text($"{boot.Scenario} {boot.Host}")}</text>""");
        var from = 0.0;
        foreach (var (step, at) in boot.Seconds)
        {
            var colour = Colours[Array.IndexOf(Steps, step)];
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Left + (from * scale):F1}" y="{y}" width="{Math.Max(0, (at - from) * scale):F1}" height="22" fill="{colour}"><title>{Text($"{step}: {at:F1} s")}</title></rect>""");
            from = at;
        }

        var end = boot.Problems.IsEmpty ? string.Create(CultureInfo.InvariantCulture, $"{from:F0} s") : "failed";
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left + (from * scale) + 6:F1}" y="{y + 16}" fill="{(boot.Problems.IsEmpty ? "black" : "#b00020")}">{end}</text>""");
    }

    private static string Text(FormattableString text) => SecurityElement.Escape(FormattableString.Invariant(text));
}
