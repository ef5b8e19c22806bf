using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>Lays the base layer: the suite's packages from signed archives, by the recipe's bootstrapper.</summary>
internal static class BaseLayerStage
{
    /// <summary>Name of the stage in the store.</summary>
    public const string Name = "base-layer";

    /// <summary>Gives the recipe's base layer for what the archives hold now; made when the store has none.</summary>
    /// <param name="recipe">What is built.</param>
    /// <param name="sources">Where its packages come from, the suite itself first.</param>
    /// <param name="state">What the archives hold now.</param>
    /// <param name="context">Store, tools and progress.</param>
    /// <exception cref="BuildFailedException">An archive is unreachable, damaged or wrongly signed, a package does not exist, the disk is full.</exception>
    public static async Task<BaseLayerArchive> MakeAsync(Recipe recipe, ImmutableArray<ArchiveSource> sources, ArchiveState state, StageContext context)
    {
        var key = KeyOf(recipe, sources, state);
        if (state.Problem is { } problem)
        {
            if (!Directory.Exists(context.Store.Finished(Name, key)))
            {
                throw new BuildFailedException(problem);
            }

            context.Progress.Warn($"{problem.What}; going on with the base layer of {state.Date:yyyy-MM-dd HH:mm} UTC");
        }

        var output = await context.GetOrMakeAsync(Name, key, directory => LayAsync(recipe, sources, state, directory, context)).ConfigureAwait(false);
        var layer = new BaseLayerArchive(output);
        CacheOf(recipe, context.Store).NoteUseOf(layer.PackageList);
        return layer;
    }

    internal static StageKey KeyOf(Recipe recipe, ImmutableArray<ArchiveSource> sources, ArchiveState state)
        => StageKey.For(Name).AddSource("BaseLayer/").Add("hook", Mmdebstrap.HookScript)
            .Add("archive", state.Digest)
            .Add("suite", recipe.Suite)
            .Add("architecture", recipe.Architecture)
            .Add("sources", sources.Select(s => $"{s.Uri} {s.Suite} {string.Join(' ', s.Components)}"))
            .Add("bootstrapper", $"{recipe.Bootstrap}")
            .AddFile("program", Bootstrappers.Of(recipe).Installed())
            .Add("packages", BaseLayerPackages.Of(recipe))
            .Add("left out", recipe.Without.Order().Select(w => $"{w}"))
            .Build();

    private static PackageCache CacheOf(Recipe recipe, BuildStore store) => new(store.PackageCache(recipe.Suite, recipe.Architecture));

    private static async Task LayAsync(
        Recipe recipe, ImmutableArray<ArchiveSource> sources, ArchiveState state, string directory, StageContext context)
    {
        var scratch = BaseLayerScratch.Make(context.Store, recipe);
        var cache = CacheOf(recipe, context.Store);
        var watch = new BootstrapWatch(context.Progress);
        try
        {
            await cache.LendAsync(scratch.Packages, context.Cancellation).ConfigureAwait(false);
            var job = new BootstrapJob(recipe, sources, state.Date, scratch, directory);
            await Bootstrappers.Of(recipe).LayAsync(job, context, watch.OnLine).ConfigureAwait(false);
            await BaseLayerArchive.KeepSizeAsync(directory, context).ConfigureAwait(false);
            await BaseLayerArchive.KeepDateAsync(directory, state.Date).ConfigureAwait(false);
            Durable.SyncFileSystem(directory);
        }
        catch (ToolFailedException failure)
        {
            throw DiskSpace.Explain(failure, context.Store.Root) ?? BootstrapFailure.Explain(failure, watch.Errors, sources, context.Store.Root);
        }
        finally
        {
            await cache.KeepAsync(scratch.Fetched).ConfigureAwait(false);
            SafeDelete.Tree(scratch.Root);
        }
    }
}

/// <summary>Everything a bootstrapper is told.</summary>
/// <param name="Recipe">What is built.</param>
/// <param name="Sources">Where packages come from.</param>
/// <param name="Date">Latest time stamp of files in the result.</param>
/// <param name="Scratch">Room to work.</param>
/// <param name="Output">Directory for the archive and the package list.</param>
internal sealed record BootstrapJob(Recipe Recipe, ImmutableArray<ArchiveSource> Sources, DateTimeOffset Date, BaseLayerScratch Scratch, string Output)
{
    public string Archive => Path.Combine(Output, BaseLayerArchive.ArchiveName);

    public string PackageList => Path.Combine(Output, BaseLayerArchive.PackageListName);
}
