using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes.Yaml;

/// <summary>Collects everything that is wrong with a file, so that it is told in one go.</summary>
internal sealed class ProblemList
{
    private readonly List<Diagnostic> _problems = [];

    /// <summary>How many there are so far.</summary>
    public int Count => _problems.Count;

    /// <summary>Takes one more.</summary>
    public void Add(Diagnostic problem) => _problems.Add(problem);

    /// <summary>Takes more.</summary>
    public void AddRange(IEnumerable<Diagnostic> problems) => _problems.AddRange(problems);

    /// <summary>Fails with all of them, in the order of the file, when there are any.</summary>
    /// <exception cref="BuildFailedException">There are problems.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new BuildFailedException(_problems.OrderBy(p => p.Where?.Line ?? 0).ThenBy(p => p.Where?.Column ?? 0).Distinct());
        }
    }
}
