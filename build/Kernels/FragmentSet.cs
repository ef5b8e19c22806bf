using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Kernels;

/// <summary>All that the fragments of one flavour ask for.</summary>
/// <param name="Flavour">Names the fragments.</param>
/// <param name="Options">Each option once, sorted by name.</param>
internal sealed record FragmentSet(KernelFlavour Flavour, ImmutableArray<RequestedOption> Options)
{
    /// <summary>
    /// Reads the fragments of flavours. Two fragments may ask for the same option; they may not ask for different values,
    /// because then the order of a list would decide.
    /// </summary>
    /// <param name="flavours">Name the fragments.</param>
    /// <param name="directory">The <c>kernel-configs</c> directory.</param>
    /// <exception cref="BuildFailedException">Fragments that are not there, cannot be read, or contradict each other; all in one go.</exception>
    public static ImmutableArray<FragmentSet> ReadAll(IEnumerable<KernelFlavour> flavours, string directory)
    {
        var problems = new List<Diagnostic>();
        ImmutableArray<FragmentSet> read = [.. flavours.Select(flavour => Read(flavour, directory, problems))];
        return problems.Count == 0 ? read : throw new BuildFailedException(problems.Distinct());
    }

    /// <summary>Reads those of one flavour.</summary>
    /// <exception cref="BuildFailedException">As <see cref="ReadAll"/> does.</exception>
    public static FragmentSet Read(KernelFlavour flavour, string directory) => ReadAll([flavour], directory)[0];

    private static FragmentSet Read(KernelFlavour flavour, string directory, List<Diagnostic> problems)
    {
        var options = new SortedDictionary<string, RequestedOption>(StringComparer.Ordinal);
        foreach (var option in flavour.Fragments.Distinct().SelectMany(name => OptionsOf(name, flavour, directory, problems)))
        {
            if (!options.TryGetValue(option.Name, out var earlier))
            {
                options.Add(option.Name, option);
            }
            else if (earlier.Value != option.Value)
            {
                problems.Add(new Diagnostic($"flavour '{flavour.Name}': {option} contradicts {earlier} of {earlier.Where}")
                {
                    Where = option.Where,
                    Hint = "Leave one of the two fragments out of the flavour, or move the option to a fragment of its own.",
                });
            }
        }

        return new FragmentSet(flavour, [.. options.Values]);
    }

    private static ImmutableArray<RequestedOption> OptionsOf(string name, KernelFlavour flavour, string directory, List<Diagnostic> problems)
    {
        var names = Fragment.NamesIn(directory);
        // Only names that a listing of the directory gives: none leads out of it.
        if (!names.Contains(name))
        {
            problems.Add(new Diagnostic($"flavour '{flavour.Name}' names the fragment '{name}', but '{Fragment.FileOf(directory, name)}' is not there")
            {
                Where = flavour.Where,
                Hint = Nearest.Hint(name, names),
            });
            return [];
        }

        var file = Fragment.FileOf(directory, name);
        try
        {
            return Fragment.Parse(file, PlainFile.ReadAllText(file));
        }
        catch (BuildFailedException problem)
        {
            problems.AddRange(problem.Diagnostics);
            return [];
        }
        catch (IOException problem)
        {
            problems.Add(new Diagnostic($"the fragment '{name}' cannot be read: {problem.Message}") { Where = flavour.Where });
            return [];
        }
    }
}
