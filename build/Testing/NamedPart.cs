using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Testing;

/// <summary>Parts of a run that <c>--filter=a,b</c> names.</summary>
internal static class NamedPart
{
    /// <summary>Those that the user named, in the list's order.</summary>
    /// <param name="what">What one is called.</param>
    /// <param name="all">All that there are.</param>
    /// <param name="name">The name of one.</param>
    /// <param name="filter">Names with commas between; null for all.</param>
    /// <exception cref="BuildFailedException">There is none of such a name.</exception>
    public static ImmutableArray<T> Chosen<T>(string what, ImmutableArray<T> all, Func<T, string> name, string? filter)
    {
        if (filter is null)
        {
            return all;
        }

        var asked = filter.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] unknown = [.. asked.Except(all.Select(name))];
        return unknown.Length == 0 && asked.Length > 0
            ? [.. all.Where(part => asked.Contains(name(part)))]
            : throw new BuildFailedException(unknown.DefaultIfEmpty(filter).Select(wrong => new Diagnostic($"no {what} is named '{wrong}'")
            {
                Expected = $"names among {string.Join(", ", all.Select(name))}, with commas between",
                Hint = Nearest.Hint(wrong, all.Select(name)),
            }));
    }
}
