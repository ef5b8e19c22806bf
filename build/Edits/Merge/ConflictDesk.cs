using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Edits.Merge;

/// <summary>Shows a recipe's open conflicts, and takes answers.</summary>
/// <param name="directory">Where the recipe's edits are.</param>
/// <param name="recipe">Its name.</param>
internal sealed class ConflictDesk(string directory, string recipe)
{
    /// <summary>Does what the options ask for.</summary>
    /// <param name="path">Path in the image; null for all.</param>
    /// <param name="answer"><c>mine</c>, <c>base</c>, or null.</param>
    /// <param name="merged">A merged file of this machine; null for none.</param>
    /// <param name="progress">Told of conflicts.</param>
    /// <returns>What was done, and what to do next; null for nothing.</returns>
    /// <exception cref="BuildFailedException">The options do not fit together, or nothing is in conflict there.</exception>
    public (string Told, string? Next) Serve(string? path, string? answer, string? merged, IStageProgress progress)
    {
        if (answer is null && merged is null)
        {
            var open = OpenConflicts.Read(directory);
            foreach (var conflict in open.Where(conflict => path is null || ByteName.Printable(conflict.What) == path))
            {
                progress.Warn($"{ConflictText.Of(conflict, recipe)}");
            }

            return (Edits(open.Length), null);
        }

        if (path is null || (answer is not null && merged is not null))
        {
            throw new BuildFailedException(new Diagnostic(path is null ? "an answer needs the path that it is for" : "--answer and --merged are two answers") { Expected = "--answer=mine|base --path=PATH, or --merged=FILE --path=PATH" });
        }

        var left = merged is null
            ? OpenConflicts.Answer(directory, path, answer == "mine" ? AnswerKind.Mine : AnswerKind.Base)
            : OpenConflicts.Answer(directory, path, AnswerKind.Merged, PlainFile.ReadAllBytes(merged));
        return ($"{path} is settled, for this base and this edit; {left.Length} left", left.IsEmpty ? $"./build.sh --recipe={recipe}, or ./build.sh --target=Republish for what hosts boot now" : $"./build.sh --target=Edits --recipe={recipe}");
    }

    private static string Edits(int open) => open == 0 ? "no conflict is open" : $"{open} conflicts are open";
}
