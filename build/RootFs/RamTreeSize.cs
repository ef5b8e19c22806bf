using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs;

/// <summary>How much of a client's RAM the tree takes that it starts with, and what takes it.</summary>
/// <param name="list">The flash list.</param>
internal sealed class RamTreeSize(FlashList list)
{
    // tmpfs takes whole pages for content.
    private const long PageSize = 4096;
    private const int Named = 3;

    private readonly Dictionary<string, long> _entries = new(StringComparer.Ordinal);

    /// <summary>Counts one thing of the tree.</summary>
    public void Add(RamTreeNode node)
    {
        if (node is { Node.IsFile: true, Emptied: false })
        {
            var entry = list.Entries.Where(e => node.Path == e.Path || FlashPaths.IsBelow(node.Path, e.Path)).MaxBy(e => e.Path.Length)?.Path ?? node.Path;
            _entries[entry] = _entries.GetValueOrDefault(entry) + ((node.Node.Status.st_size + PageSize - 1) / PageSize * PageSize);
        }
    }

    /// <summary>Refuses a tree that is larger than the list's limit.</summary>
    /// <exception cref="BuildFailedException">It is; told at the limit's line, with the entries that take most.</exception>
    public void Check()
    {
        var size = _entries.Values.Sum();
        if (size <= list.SizeLimit)
        {
            return;
        }

        var largest = _entries.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal).Take(Named).Select(e => $"{e.Key} {Text(e.Value)}");
        throw new BuildFailedException(new Diagnostic($"what clients start with below {FlashPaths.Flash} takes {Text(size)} of RAM, and 'size' is {Text(list.SizeLimit)}; most of it: {string.Join(", ", largest)}")
        {
            Where = list.SizeWhere,
            Expected = $"a 'size' of more than {Text(size)}, for what clients write, too",
            Hint = "Or let entries start empty or as a tree.",
        });
    }

    // As the recipe writes sizes: units of 1024, a byte too many shown as a whole one.
    private static string Text(long bytes)
    {
        var (unit, name) = bytes >= 1L << 30 ? (1L << 30, "G") : bytes >= 1L << 20 ? (1L << 20, "M") : (1L << 10, "K");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes * 10m / unit) / 10:0.#}{name}");
    }
}
