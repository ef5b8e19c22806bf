using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Makes a site's menus, network loaders and server files, without building an image.</summary>
[TaskName("BootFiles")]
[TaskDescription("Makes the menus and server files of a site, for the generation that is published, or --generation.")]
[Needs(ToolSet.BootFiles, ToolSet.Storage)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class BootFilesTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        await context.RunStageAsync(
            "boot files",
            stage => new StandingGeneration(context, site).PublishAsync(
                () => context.Options.Generation,
                chosen => HoldOf.Set(context.Options, context.Places, chosen),
                stage),
            changed => new StageFacts
            {
                Cached = changed.IsEmpty,
                From = $"site {site.Name}, {site.Hosts.Length} hosts; {(changed.IsEmpty ? "nothing changed" : $"{changed.Length} places")}",
            }).ConfigureAwait(false);
    }
}
