using System.Text.Json;
using Cake.Frosting;
using Dom0Image.Differences;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Tells in what two generations differ.</summary>
[TaskName("Diff")]
[TaskDescription("Compares two generations, --from and --to: packages, settings, files, kernels, menus, sizes. Text, --json, or a page: --output=FILE.html.")]
public sealed class DiffTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => context.AnswerAsync(async stage =>
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        var (from, to) = ComparedPair.Of(context.Places, context.Options.From, context.Options.To ?? context.Options.Generation);
        var difference = await WithChangelogsAsync(context, new DifferenceReader(context.Places, site).Read(from, to), stage).ConfigureAwait(false);
        return new Answer(() => DifferenceText.Write(difference), () => JsonSerializer.Serialize(difference, DifferenceJson.Default.GenerationDifference)) { Page = () => DifferencePage.Write(difference) };
    });

    private static async Task<GenerationDifference> WithChangelogsAsync(BuildContext context, GenerationDifference difference, StageContext stage)
    {
        if (context.Options.Changelogs)
        {
            var (packages, problems) = await ChangelogReader.FromStoreAsync(difference.Packages, stage).ConfigureAwait(false);
            return difference with { Packages = packages, Notes = [.. difference.Notes, .. problems] };
        }

        return ChangelogReader.InStore(difference.Packages, context.Store) is > 0 and var more
            ? difference with { Notes = [.. difference.Notes, $"the store has the changelogs of {more} upgraded package{(more == 1 ? "" : "s")}: --changelogs shows what they say"] }
            : difference;
    }
}
