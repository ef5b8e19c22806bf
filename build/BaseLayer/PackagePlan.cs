using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>Whether the archives have a recipe's packages, and they can be installed together, before anything is made of them.</summary>
/// <param name="recipe">What is built.</param>
/// <param name="sources">Where its packages come from, the suite itself first.</param>
/// <param name="state">What the archives hold now.</param>
/// <param name="context">Store, tools and progress.</param>
internal sealed class PackagePlan(Recipe recipe, ImmutableArray<ArchiveSource> sources, ArchiveState state, StageContext context)
{
    private readonly AptLists _lists = new(sources, recipe.Architecture, context, state);

    private bool IsLaid => Directory.Exists(context.Store.Finished(BaseLayerStage.Name, BaseLayerStage.KeyOf(recipe, sources, state)));

    /// <summary>Checks them; asks nothing when they were found good in the same archives before.</summary>
    /// <exception cref="BuildFailedException">Each name that is wrong, or each conflict, at its line of the recipe.</exception>
    public async Task CheckAsync()
    {
        // What cannot be asked now is for the stage to tell, if one needs it.
        if (state.Problem is not null && !_lists.AreCurrent)
        {
            return;
        }

        // What was installed from these very archives needs no asking.
        ImmutableArray<string> installed = IsLaid ? [] : BaseLayerPackages.Of(recipe);
        ImmutableArray<string> read = [.. recipe.Kernels.Select(k => k.Source).Distinct(), .. recipe.Hypervisor is { } hypervisor ? [hypervisor.Package] : Array.Empty<string>(), .. recipe.Microcode.Select(vendor => CpuMicrocode.Of(vendor).Package)];
        var question = StageKey.For("package plan", 1).Add("installed", installed).Add("read", read).Build();
        if (_lists.Noted(question) is not null)
        {
            return;
        }

        context.Progress.Report("asking the archives for the packages");
        var names = await new PackageNames(_lists).CheckAsync([.. installed, .. read], new OtherArchives(recipe, sources, context)).ConfigureAwait(false);
        ThrowAny(names.Select(n => n.Problem with { Where = PlaceOf(n.Name) }));
        if (!installed.IsEmpty && Bootstrappers.Of(recipe).AsksApt)
        {
            var conflicts = await PackageConflict.FindAsync(new PackageSolver(_lists, recipe.Suite, recipe.Architecture, context), installed).ConfigureAwait(false);
            ThrowAny(conflicts.Select(Told));
        }

        _lists.Note(question, "");
    }

    private Diagnostic Told(PackageConflict conflict)
    {
        var why = string.Join("; ", conflict.Reasons);
        var what = conflict.Names switch
        {
            [] => $"the packages of every {recipe.Suite} system cannot be installed: {why}",
            [var one] => $"package '{one}' cannot be installed in {recipe.Suite}: {why}",
            _ => $"packages {string.Join(" and ", conflict.Names.Select(Named))} cannot be installed together: {why}",
        };
        return new Diagnostic(what) { Where = conflict.Names.IsEmpty ? new SourceLocation(recipe.File) : PlaceOf(conflict.Names[^1]), Expected = conflict.Names.Length > 1 ? "one of them left out" : null };
    }

    private string Named(string name) => recipe.PackagePlaces.GetValueOrDefault(name) is { } place ? $"'{name}' (line {place.Line})" : $"'{name}' (of init: {$"{recipe.Init}".ToLowerInvariant()})";

    private SourceLocation PlaceOf(string name) => recipe.PackagePlaces.GetValueOrDefault(name) ?? new SourceLocation(recipe.File);

    private static void ThrowAny(IEnumerable<Diagnostic> problems)
    {
        Diagnostic[] all = [.. problems.OrderBy(p => p.Where?.Line)];
        if (all.Length > 0)
        {
            throw new BuildFailedException(all);
        }
    }
}
