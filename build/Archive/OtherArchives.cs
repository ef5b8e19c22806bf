using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>
/// Where else Debian has a package that a recipe's own suites and components lack: looked for only when it is missed, since
/// the lists of other releases are large.
/// </summary>
/// <param name="recipe">What is built.</param>
/// <param name="sources">Where its packages come from.</param>
/// <param name="context">Store, tools, progress, cancellation.</param>
internal sealed class OtherArchives(Recipe recipe, ImmutableArray<ArchiveSource> sources, StageContext context)
{
    private static readonly ImmutableArray<string> Components = ["main", "contrib", "non-free", "non-free-firmware"];

    private readonly AptLists _components = new(
        [.. sources.Select(source => source with { Components = [.. Components.Except(source.Components)] }).Where(source => source.Components.Length > 0)],
        recipe.Architecture, context, state: null)
    { Lenient = true };

    private readonly AptLists _suites = new(
        [.. OtherSuites(recipe.Suite).Select(suite => sources[0] with { Suite = suite })],
        recipe.Architecture, context, state: null)
    { Lenient = true };

    /// <summary>The suites and components that the recipe takes packages from, in words.</summary>
    public string Asked { get; } = $"{string.Join(", ", sources.Select(s => s.Suite))} ({string.Join(", ", recipe.Components)})";

    /// <summary>What to do to have the package; null when it was found nowhere, or nothing could be asked.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="wide">Whether other suites are asked, too.</param>
    public async Task<string?> HintAsync(string package, bool wide)
    {
        context.Progress.Report($"looking for {package} in other components{(wide ? " and suites" : "")}");
        return await FindAsync(_components, package).ConfigureAwait(false) is { } component
            ? $"It is in the component '{component.Component}': add that to 'components'."
            : wide && await FindAsync(_suites, package).ConfigureAwait(false) is { } other
                ? $"The suite '{other.Suite}' has it; this recipe's does not."
                : null;
    }

    private static async Task<(string Suite, string Component)?> FindAsync(AptLists lists, string package)
    {
        try
        {
            // nano | 8.4-1 | http://mirror.example.org/debian trixie/main amd64 Packages
            var found = await lists.AskAsync("apt-cache", "madison", "--", package).ConfigureAwait(false);
            return found.Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 5 && words[5].Contains('/'))
                .Select(words => ((string, string)?)(words[5][..words[5].LastIndexOf('/')], words[5][(words[5].LastIndexOf('/') + 1)..])).FirstOrDefault();
        }
        catch (BuildFailedException)
        {
            // That the name is wrong is told without it.
            return null;
        }
    }

    private static IEnumerable<string> OtherSuites(string suite)
    {
        var at = Suites.All.IndexOf(suite);
        return new[] { $"{suite}-backports", Suites.All.ElementAtOrDefault(at + 1), at > 0 ? Suites.All[at - 1] : null }.OfType<string>();
    }
}
