using System.Globalization;

namespace Dom0Image.Testing;

/// <summary><c>tests/LongTest.md</c>: the last result of each part, with its date and the commit that it was run on.</summary>
internal static class LongTestPage
{
    /// <summary>The page with a new result of one part; the others keep theirs.</summary>
    /// <param name="existing">The page so far; empty when there is none.</param>
    /// <param name="part">The part that was run.</param>
    /// <param name="tally">What came out.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="when">When it ended.</param>
    /// <param name="commit">The commit, as <c>git describe</c> tells it.</param>
    public static string With(string existing, LongTestPart part, TestTally tally, TimeSpan took, DateTimeOffset when, string commit)
    {
        var result = string.Create(CultureInfo.InvariantCulture, $"{tally} | {took.TotalMinutes:F0} min | {when:yyyy-MM-dd}, {commit}");
        return LastResults.With(
            existing,
            [
                "# Last results of the long tests",
                "",
                "Written by `./build.sh --target=LongTest`, or `--filter=PART,...` for some of its parts; not to be edited by hand.",
                "`-dirty` behind a commit says that changes lay over it.",
            ],
            ["part", "shows", "result", "took", "when, commit"],
            LongTestPart.All.Select(p => (p.Name, p.About)),
            (part.Name, result));
    }
}
