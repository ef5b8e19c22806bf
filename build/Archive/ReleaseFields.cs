using System.Globalization;
using System.Text;
using Dom0Image.Diagnostics;

namespace Dom0Image.Archive;

/// <summary>What a suite's release file says of itself. A good signature alone does not make it the one that was asked for, or today's.</summary>
/// <param name="Suite">Such as <c>stable</c>; null when it is not said.</param>
/// <param name="Codename">Such as <c>trixie</c>; null when it is not said.</param>
/// <param name="Date">When it was made.</param>
/// <param name="ValidUntil">When it is no longer to be trusted; null for suites that do not change any more.</param>
internal sealed record ReleaseFields(string? Suite, string? Codename, DateTimeOffset Date, DateTimeOffset? ValidUntil)
{
    /// <exception cref="BuildFailedException">There is no date.</exception>
    public static ReleaseFields Parse(ArchiveSource source, byte[] content)
    {
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        string? Field(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();

        return new ReleaseFields(
            Field("Suite"),
            Field("Codename"),
            Time(Field("Date")) ?? throw new BuildFailedException(new Diagnostic($"the release file of {source.Suite} at {source.Uri} has no date")),
            Time(Field("Valid-Until")));
    }

    /// <exception cref="BuildFailedException">It is another suite's.</exception>
    public void CheckSuite(ArchiveSource source)
    {
        if (source.Suite != Suite && source.Suite != Codename && source.Suite.Split('/')[0] != Codename)
        {
            throw new BuildFailedException(new Diagnostic($"{source.Uri} answers with suite '{Codename ?? Suite}' when asked for '{source.Suite}'")
            {
                Hint = "The mirror serves another suite under this name; use another mirror.",
            });
        }
    }

    /// <summary>What is wrong when this was answered after <paramref name="known"/>; null when nothing is.</summary>
    public Diagnostic? Rollback(ArchiveSource source, ReleaseFields known)
        => Date >= known.Date ? null : new Diagnostic($"the mirror of {source.Suite}, {source.Uri}, answers with its state of {Date:yyyy-MM-dd HH:mm} UTC, which is older than the one it had before")
        {
            Expected = $"that of {known.Date:yyyy-MM-dd HH:mm} UTC, or a newer one",
            Hint = "It may be one of several servers that are updated by turns: try again later. If it stays so, name another mirror with --mirror=.",
        };

    /// <summary>What is wrong with using this at <paramref name="now"/>; null when nothing is.</summary>
    public Diagnostic? Expiry(ArchiveSource source, DateTimeOffset now)
        => ValidUntil is not { } end || now <= end ? null : new Diagnostic($"what the mirror of {source.Suite}, {source.Uri}, holds was valid until {end:yyyy-MM-dd HH:mm} UTC only")
        {
            Hint = "The mirror is not updated any more: name another with --mirror=. Is this machine's clock right? For an archive that is "
                + "meant to be old, set Acquire::Check-Valid-Until \"false\" in this machine's apt.",
        };

    private static DateTimeOffset? Time(string? value)
        => DateTimeOffset.TryParse(value?.Replace("UTC", "+00:00", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var time) ? time : null;
}
