using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Edits;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Overlays;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>What this run builds, from what, and for whom: the checked inputs of every stage.</summary>
/// <param name="Recipe">What the image is.</param>
/// <param name="Site">Where it is served.</param>
/// <param name="Kernels">What its hosts boot of it.</param>
/// <param name="Sources">Archives that its packages come from.</param>
/// <param name="Repository">The checkout.</param>
internal sealed record BuildPlan(Recipe Recipe, Site Site, SiteKernels Kernels, ImmutableArray<ArchiveSource> Sources, string Repository)
{
    /// <summary>The recipe as it was read: it is kept with the generation, and the file may be another by then.</summary>
    public required string RecipeText { get; init; }

    /// <summary>The ids that accounts have in every image of the checkout.</summary>
    public AccountIds Accounts { get; init; } = AccountIds.None;

    /// <summary>The edits that the image takes.</summary>
    public RecipeEdits Edits { get; init; } = RecipeEdits.None;

    /// <summary>The generation whose materials are taken, so that no mirror is asked; null where they are made as the archives are now.</summary>
    public GenerationInfo? Republished { get; init; }

    /// <summary>What the archives hold in this run; null where a plan builds nothing, and nobody asked them yet.</summary>
    public ArchiveState? Archives { get; init; }

    /// <summary>Fragments of kernel configurations.</summary>
    public string KernelConfigs => KernelConfigsOf(Repository);

    /// <summary>The tree of an overlay.</summary>
    public string Overlay(string name) => OverlayOf(Repository, name);

    /// <summary>Reads and checks the recipe and the site, and resolves the mirrors.</summary>
    /// <exception cref="BuildFailedException">One of them is wrong; carries all that is wrong with it.</exception>
    public static async Task<BuildPlan> ReadAsync(string repository, BuildOptions options, StageContext context)
    {
        var text = PlainFile.ReadAllText(RecipeFiles.Recipe(repository, options.Recipe));
        var (recipe, site, kernels) = Read(repository, options);
        var accounts = AccountIds.Read(RecipeFiles.Accounts(repository));

        // Before a lock is taken and a file of them is opened.
        foreach (var note in OverlayTree.ReadAll(recipe.Overlays.Select(name => OverlayOf(repository, name))).SelectMany(overlay => overlay.Notes()))
        {
            context.Progress.Note(note);
        }

        return new BuildPlan(recipe, site, kernels, await MirrorResolver.ResolveAsync(recipe, options.Mirror, site.Mirror, context).ConfigureAwait(false), repository) { Accounts = accounts, RecipeText = text };
    }

    private static string OverlayOf(string repository, string name) => Path.Combine(repository, "overlays", name);

    private static string KernelConfigsOf(string repository) => UserPath.Of(Path.Combine(repository, "kernel-configs"));

    private static (Recipe Recipe, Site Site, SiteKernels Kernels) Read(string repository, BuildOptions options)
    {
        var recipe = RecipeReader.Read(RecipeFiles.Recipe(repository, options.Recipe));
        var site = SiteReader.Read(RecipeFiles.Site(repository, options.Site));
        var kernels = new SiteKernels(recipe, site, FragmentSet.ReadAll(recipe.Kernels, KernelConfigsOf(repository)));
        PlanChecks.Check(recipe, site, kernels);
        return (recipe, site, kernels);
    }
}
