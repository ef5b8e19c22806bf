using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Merge;

/// <summary>How a conflict is settled.</summary>
internal enum AnswerKind
{
    /// <summary>As the edit has it.</summary>
    Mine,

    /// <summary>As the base has it.</summary>
    Base,

    /// <summary>With the content of a file that somebody merged by hand.</summary>
    Merged,
}

/// <summary>An answer to one conflict. It holds for these two states alone: another base asks again, so that no change of it is hidden.</summary>
/// <param name="Path">The path.</param>
/// <param name="BaseSum">See <see cref="EditConflict.BaseSum"/>.</param>
/// <param name="EditSum">See <see cref="EditConflict.EditSum"/>.</param>
/// <param name="Kind">The answer.</param>
/// <param name="Sha256">Sum of the merged content; null for other answers.</param>
internal sealed record Answer(string Path, string BaseSum, string EditSum, AnswerKind Kind, string? Sha256 = null);

/// <summary>The answers that were given for a recipe's conflicts: <c>answers.json</c>, merged files by their sums beside it.</summary>
/// <param name="Directory">The recipe's.</param>
/// <param name="Answers">In the order of paths and sums.</param>
internal sealed record AnswerBook(string Directory, ImmutableArray<Answer> Answers)
{
    private const string FileName = "answers.json";

    /// <summary>No answers.</summary>
    public static AnswerBook Empty { get; } = new("", []);

    /// <summary>Reads those of a recipe; none where there is no file.</summary>
    /// <exception cref="BuildFailedException">The file is damaged.</exception>
    public static AnswerBook Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        try
        {
            return new AnswerBook(directory, File.Exists(file) ? [.. JsonSerializer.Deserialize(File.ReadAllBytes(file), AnswerJson.Default.AnswerArray) ?? []] : []);
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read the answers '{file}': {problem.Message}"), problem);
        }
    }

    /// <summary>The answer to a conflict; null where nobody gave one, or it was for another base.</summary>
    public Answer? To(EditConflict conflict) => Answers.FirstOrDefault(answer => IsTo(answer, conflict));

    /// <summary>The file with a merged content.</summary>
    public string ContentOf(string sha256) => Path.Combine(Directory, "contents", sha256);

    /// <summary>Keeps an answer, in place of another one to the same conflict; it is on the disk when this returns.</summary>
    /// <param name="conflict">What it answers.</param>
    /// <param name="kind">The answer.</param>
    /// <param name="merged">The content, for <see cref="AnswerKind.Merged"/>.</param>
    /// <exception cref="BuildFailedException">Such an answer does not settle it.</exception>
    public AnswerBook Keep(EditConflict conflict, AnswerKind kind, byte[]? merged = null)
    {
        if (!conflict.Answers.Contains(kind))
        {
            throw new BuildFailedException(new Diagnostic($"'{ByteName.Printable(conflict.What)}' cannot be settled by '{Word(kind)}': {conflict.Reason}")
            {
                Expected = conflict.Answers.IsEmpty ? null : string.Join(" or ", conflict.Answers.Select(Word)),
            });
        }

        string? sum = null;
        if (kind is AnswerKind.Merged)
        {
            sum = Convert.ToHexStringLower(SHA256.HashData(merged!));
            System.IO.Directory.CreateDirectory(Path.Combine(Directory, "contents"), PrivateModes.Directory);
            Durable.ReplaceFile(ContentOf(sum), merged, PrivateModes.File);
        }

        var answer = new Answer(conflict.What, conflict.BaseSum, conflict.EditSum, kind, sum);
        var all = this with
        {
            Answers = [.. Answers.Where(other => !IsTo(other, conflict)).Append(answer)
                .OrderBy(a => a.Path, StringComparer.Ordinal).ThenBy(a => a.BaseSum, StringComparer.Ordinal).ThenBy(a => a.EditSum, StringComparer.Ordinal)],
        };
        Durable.ReplaceFile(Path.Combine(Directory, FileName), JsonSerializer.SerializeToUtf8Bytes([.. all.Answers], AnswerJson.Default.AnswerArray), PrivateModes.File);
        return all;
    }

    /// <summary>The answer as it is typed.</summary>
    public static string Word(AnswerKind kind) => kind switch
    {
        AnswerKind.Mine => "mine",
        AnswerKind.Base => "base",
        _ => "merged",
    };

    private static bool IsTo(Answer answer, EditConflict conflict)
        => answer.Path == conflict.What && answer.BaseSum == conflict.BaseSum && answer.EditSum == conflict.EditSum;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(Answer[]))]
internal sealed partial class AnswerJson : JsonSerializerContext;
