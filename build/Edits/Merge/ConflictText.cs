using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Edits.Merge;

/// <summary>Tells conflicts so that a person can decide, with the commands that settle them.</summary>
internal static class ConflictText
{
    private const int DiffLinesTold = 40;

    /// <summary>Why a generation that is ready is not published.</summary>
    /// <param name="generation">Its id.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="conflicts">At least one.</param>
    public static BuildFailedException NotPublished(string generation, string recipe, ImmutableArray<EditConflict> conflicts)
    {
        var (count, are) = conflicts.Length == 1 ? ("1 conflict", "is") : ($"{conflicts.Length} conflicts", "are");
        return new BuildFailedException(
        [
            .. conflicts.Select(conflict => Of(conflict, recipe)),
            new Diagnostic($"generation {generation} is ready and has the base's where {are} {count}; it is not published, and hosts boot what they booted before")
            {
                Hint = $"Settle the above and run the same command again; or, to publish it as it is: ./build.sh --target=BootFiles --generation={generation}",
            },
        ]);
    }

    /// <summary>One conflict: where, the three states, the diff, the commands.</summary>
    public static Diagnostic Of(EditConflict conflict, string recipe)
    {
        var what = ByteName.Printable(conflict.What);
        if (!conflict.IsPath)
        {
            return new Diagnostic($"edit {conflict.Layer}: {what}: {conflict.Reason}");
        }

        string[] lines =
        [
            $"edit {conflict.Layer}: {what}: {conflict.Reason}",
            $"  it was:   {PathState.Words(conflict.Old)}",
            $"  the base: {PathState.Words(conflict.Base)}",
            $"  the edit: {PathState.Words(conflict.Edit)}",
            .. conflict.Diff.Take(DiffLinesTold).Select(line => $"    {line}"),
            .. conflict.Diff.Length > DiffLinesTold ? [$"    ... and {conflict.Diff.Length - DiffLinesTold} lines more: ./build.sh --target=Edits --recipe={recipe} --path={what}"] : Array.Empty<string>(),
        ];
        return new Diagnostic(string.Join('\n', lines)) { Hint = string.Join('\n', conflict.Answers.Select(answer => $"  {Words(answer),-13} {Command(answer, conflict, recipe)}")) };
    }

    /// <summary>The commands of which one settles a conflict, as one types them; none where it is settled in another way.</summary>
    public static IEnumerable<string> Commands(EditConflict conflict, string recipe) => conflict.IsPath ? conflict.Answers.Select(answer => Command(answer, conflict, recipe)) : [];

    private static string Words(AnswerKind answer) => answer switch
    {
        AnswerKind.Mine => "as the edit:",
        AnswerKind.Base => "as the base:",
        _ => "as you merge:",
    };

    private static string Command(AnswerKind answer, EditConflict conflict, string recipe)
    {
        var start = $"./build.sh --target=Edits --recipe={recipe}";
        var path = $"--path={ShellWord.Of(ByteName.Printable(conflict.What))}";
        return answer switch
        {
            AnswerKind.Mine => $"{start} --answer=mine {path}",
            AnswerKind.Base => $"{start} --answer=base {path}",
            _ => $"{start} {path} --merged=FILE",
        };
    }
}
