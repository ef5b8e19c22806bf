using System.Collections.Immutable;

namespace Dom0Image.Benchmarks;

/// <summary>What is installed in a root: lines <c>name version architecture</c>.</summary>
/// <param name="Lines">Sorted, without doubles.</param>
internal sealed record PackageSet(ImmutableSortedSet<string> Lines)
{
    /// <summary>The format that dpkg-query prints such lines with.</summary>
    public const string ShowFormat = @"${Package} ${Version} ${Architecture}\n";

    /// <summary>Names alone.</summary>
    public ImmutableArray<string> Names => [.. Lines.Select(line => line.Split(' ')[0]).Distinct()];

    /// <summary>Reads lines.</summary>
    public static PackageSet Of(IEnumerable<string> lines)
        => new([.. lines.Where(line => line.Length > 0)]);

    /// <summary>How another root differs, in a few words.</summary>
    public string Compare(PackageSet other)
    {
        if (Lines.SetEquals(other.Lines))
        {
            return "the same packages in the same versions";
        }

        var more = other.Lines.Except(Lines);
        var fewer = Lines.Except(other.Lines);
        return $"{more.Count} more ({string.Join(", ", more.Take(10))}) and {fewer.Count} fewer ({string.Join(", ", fewer.Take(10))})";
    }
}
