using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Merge;

/// <summary>The conflicts that the last build of a recipe left open, kept beside its edits until they are answered.</summary>
internal static class OpenConflicts
{
    /// <summary>Keeps what a build left; none takes away those of an earlier one.</summary>
    /// <param name="directory">The recipe's.</param>
    /// <param name="conflicts">All that are open.</param>
    public static void Keep(string directory, ImmutableArray<EditConflict> conflicts)
    {
        var file = FileIn(directory);
        if (!conflicts.IsEmpty)
        {
            Durable.ReplaceFile(file, ConflictFile.Write(conflicts), PrivateModes.File);
        }
        else if (File.Exists(file))
        {
            File.Delete(file);
            Durable.SyncDirectory(directory);
        }
    }

    /// <summary>Those that are open.</summary>
    /// <exception cref="BuildFailedException">The file is damaged.</exception>
    public static ImmutableArray<EditConflict> Read(string directory) => ConflictFile.Read(FileIn(directory));

    /// <summary>Settles those at a path.</summary>
    /// <param name="directory">The recipe's.</param>
    /// <param name="path">Path in the image.</param>
    /// <param name="kind">The answer.</param>
    /// <param name="merged">The content, for <see cref="AnswerKind.Merged"/>.</param>
    /// <returns>Those that are left.</returns>
    /// <exception cref="BuildFailedException">None is open there, or it cannot be settled so.</exception>
    public static ImmutableArray<EditConflict> Answer(string directory, string path, AnswerKind kind, byte[]? merged = null)
    {
        var open = Read(directory);
        var meant = open.Where(conflict => ByteName.Printable(conflict.What) == path || conflict.What == path).ToList();
        if (meant.Count == 0)
        {
            string[] paths = [.. open.Select(conflict => ByteName.Printable(conflict.What)).Distinct()];
            throw new BuildFailedException(new Diagnostic($"no edit of this recipe is in conflict with the base at '{path}'")
            {
                Expected = paths.Length > 0 ? $"one of {string.Join(", ", paths)}" : null,
                Hint = Nearest.Hint(path, paths) ?? "Conflicts are found by a build: ./build.sh, or ./build.sh --target=Republish",
            });
        }

        var answers = AnswerBook.Read(directory);
        foreach (var conflict in meant)
        {
            answers = answers.Keep(conflict, kind, merged);
        }

        ImmutableArray<EditConflict> left = [.. open.Except(meant)];
        Keep(directory, left);
        return left;
    }

    private static string FileIn(string directory) => Path.Combine(directory, ConflictFile.Name);
}
