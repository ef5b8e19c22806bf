using System.Collections.Immutable;

namespace Dom0Image.Archive;

/// <summary>The fewest packages that cannot be installed together, beside those of every Debian system.</summary>
/// <param name="Names">Their names, in the order in which they were asked for; each of them is needed for the conflict.</param>
/// <param name="Reasons">Why, in words of apt.</param>
internal sealed record PackageConflict(ImmutableArray<string> Names, ImmutableArray<string> Reasons)
{
    // Each costs seconds, and the first few say enough.
    private const int Told = 5;

    /// <summary>The conflicts among some packages; none when all can be installed together.</summary>
    public static async Task<ImmutableArray<PackageConflict>> FindAsync(PackageSolver solver, ImmutableArray<string> names)
    {
        var conflicts = ImmutableArray.CreateBuilder<PackageConflict>();
        while (conflicts.Count < Told && await ReasonsAsync(solver, names).ConfigureAwait(false) is { } reasons)
        {
            // What apt names is most often all of it, and a question of two packages in place of twenty.
            ImmutableArray<string> named = [.. names.Where(name => reasons.Any(reason => reason.Split(' ', ':').Contains(name)))];
            var suspects = named.IsEmpty || await ReasonsAsync(solver, named).ConfigureAwait(false) is null ? names : named;
            var fewest = await FewestAsync(solver, [], false, suspects).ConfigureAwait(false);
            ImmutableArray<string> ordered = [.. names.Where(fewest.Contains)];
            conflicts.Add(new PackageConflict(ordered, await ReasonsAsync(solver, ordered).ConfigureAwait(false) ?? reasons));
            if (ordered.IsEmpty)
            {
                break;
            }

            names = names.Remove(ordered[^1]);
        }

        return conflicts.ToImmutable();
    }

    // Junker's QuickXplain: few questions, also when many packages are asked for.
    private static async Task<ImmutableArray<string>> FewestAsync(PackageSolver solver, ImmutableArray<string> given, bool added, ImmutableArray<string> suspects)
    {
        if (added && await ReasonsAsync(solver, given).ConfigureAwait(false) is not null)
        {
            return [];
        }

        if (suspects.Length <= 1)
        {
            return suspects;
        }

        var (left, right) = (suspects[..(suspects.Length / 2)], suspects[(suspects.Length / 2)..]);
        var fromRight = await FewestAsync(solver, given.AddRange(left), true, right).ConfigureAwait(false);
        var fromLeft = await FewestAsync(solver, given.AddRange(fromRight), !fromRight.IsEmpty, left).ConfigureAwait(false);
        return fromLeft.AddRange(fromRight);
    }

    private static async Task<ImmutableArray<string>?> ReasonsAsync(PackageSolver solver, ImmutableArray<string> names)
    {
        try
        {
            await solver.SolveAsync(names).ConfigureAwait(false);
            return null;
        }
        catch (UnsolvableException problem)
        {
            return problem.Reasons;
        }
    }
}
