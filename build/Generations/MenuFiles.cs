using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>One name in a set of menus, as it is on disk.</summary>
/// <param name="Path">Relative to the set.</param>
/// <param name="Type">What it is.</param>
/// <param name="Target">Of a link, as it is stored; else null.</param>
/// <param name="Content">Of a file; else null.</param>
internal readonly record struct MenuFile(string Path, FileType Type, string? Target, byte[]? Content)
{
    public bool IsDirectory => Type == FileType.Directory;

    /// <summary>A file's content as text.</summary>
    public string Text => Encoding.UTF8.GetString(Content!);

    /// <summary>Whether the other one is the same, wherever the two stand.</summary>
    public bool Is(MenuFile other)
        => Path == other.Path && Type == other.Type && Target == other.Target && Content.AsSpan().SequenceEqual(other.Content);
}

/// <summary>
/// Reads a set of menus by listing its directories: each link's target and each file's content once, since a site can have
/// tens of thousands. Anyone may have put anything there: no link is followed, and nothing but files is opened.
/// </summary>
internal static class MenuFiles
{
    /// <summary>All that is in it, in no order, but a directory before what is in it.</summary>
    public static IEnumerable<MenuFile> Read(string set)
    {
        using var directory = OpenDirectory.Open(set);
        foreach (var file in Read(directory, ""))
        {
            yield return file;
        }
    }

    /// <summary>Whether two sets hold the same.</summary>
    public static bool AreSame(string one, string other)
    {
        var left = Read(one).ToDictionary(file => file.Path);
        return Read(other).All(file => left.Remove(file.Path, out var same) && same.Is(file)) && left.Count == 0;
    }

    private static IEnumerable<MenuFile> Read(OpenDirectory directory, string prefix)
    {
        foreach (var (name, type) in directory.Entries())
        {
            yield return new MenuFile(
                prefix + name,
                type,
                type == FileType.Symlink ? directory.ReadLink(name) : null,
                type == FileType.File ? directory.ReadFile(name) : null);
            if (type == FileType.Directory)
            {
                using var below = directory.Enter(name);
                foreach (var file in Read(below, $"{prefix}{name}/"))
                {
                    yield return file;
                }
            }
        }
    }
}
