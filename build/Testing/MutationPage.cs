using System.Globalization;

namespace Dom0Image.Testing;

/// <summary><c>tests/Mutation.md</c>: the last result of each room, with its date and the commit that it was run on.</summary>
internal static class MutationPage
{
    /// <summary>The page with a new result of one room; the others keep theirs.</summary>
    /// <param name="existing">The page so far; empty when there is none.</param>
    /// <param name="room">The room that was looked at.</param>
    /// <param name="tally">What came out.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="when">When it ended.</param>
    /// <param name="commit">The commit, as <c>git describe</c> tells it.</param>
    public static string With(string existing, MutationRoom room, MutationTally tally, TimeSpan took, DateTimeOffset when, string commit)
        => LastResults.With(
            existing,
            [
                "# What tests would notice",
                "",
                "The program is changed in one small place after the other, and the fast tests are run each time; what they do not notice is a test that",
                "is missing, or a place that does nothing. Written by `./build.sh --target=Mutation`, or `--filter=ROOM,...` for some of its rooms; not to be",
                "edited by hand. Texts are not changed. `-dirty` behind a commit says that changes lay over it.",
            ],
            ["room", "folders of `build/`", "noticed", "not noticed", "reached by no test", "score", "took", "when, commit"],
            MutationRoom.All.Select(r => (r.Name, string.Join(", ", r.Folders))),
            (room.Name, string.Create(CultureInfo.InvariantCulture, $"{tally.Killed} | {tally.Survived} | {tally.Unreached} | {tally.Score:F0} % | {took.TotalMinutes:F0} min | {when:yyyy-MM-dd}, {commit}")));
}
