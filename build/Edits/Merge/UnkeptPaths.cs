using System.IO.Enumeration;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Merge;

/// <summary>Paths that no image keeps, whatever an edit has there.</summary>
/// <param name="flash">What clients write to.</param>
internal sealed class UnkeptPaths(FlashList flash)
{
    /// <summary>Why an image does not keep a path; null for one that it keeps.</summary>
    public string? Why(string path)
    {
        if (IsAtOrBelow(path, FlashPaths.Flash) || IsAtOrBelow(path, FlashPaths.Support))
        {
            return "it is made anew for each image";
        }

        if (SecretPaths.Secrets.AddRange(SecretPaths.Traces).Any(pattern => Fits(pattern, path)))
        {
            return "no image holds what its clients must not share, nor caches and logs of the server";
        }

        if (flash.Entries.Any(entry => entry.Path == path && !IsFileWithContent(entry)))
        {
            return "the recipe's flash list says what it is";
        }

        return FlashPaths.Covering(flash, path) is { Start: not FlashStart.Content } entry
            ? $"clients begin with {entry.Path} without the image's files ('start: {(entry.Start is FlashStart.Tree ? "tree" : "empty")}')"
            : null;
    }

    /// <summary>Whether the list gives a path its mode and owner, and the image its content.</summary>
    public bool HasContentAlone(string path) => flash.Entries.Any(entry => entry.Path == path && IsFileWithContent(entry));

    private static bool IsFileWithContent(FlashEntry entry) => entry is { Kind: FlashKind.File, Start: FlashStart.Content };

    private static bool IsAtOrBelow(string path, string directory) => path == directory || FlashPaths.IsBelow(path, directory);

    private static bool Fits(string pattern, string path)
        => ContainedPath.Parent(pattern) == ContainedPath.Parent(path)
            && FileSystemName.MatchesSimpleExpression(Path.GetFileName(pattern.AsSpan()), path.AsSpan(path.LastIndexOf('/') + 1), ignoreCase: false);
}
