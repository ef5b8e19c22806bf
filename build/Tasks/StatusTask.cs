using System.Text.Json;
using Cake.Frosting;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Status;

namespace Dom0Image.Tasks;

/// <summary>Tells how a site stands.</summary>
[TaskName("Status")]
[TaskDescription("Tells what each host of the site boots next and runs, which generations there are and who uses them, and what comes next. Text, or --json.")]
public sealed class StatusTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => context.AnswerAsync(async stage =>
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        // A trial below a prefix serves nobody: its site's addresses may be somebody else's here.
        var probe = context.Options.Probe ?? context.Places.Prefix.Length == 0;
        var status = await new StatusReader(context.Places, site).ReadAsync(context.Options.Hosts, probe, stage.Cancellation).ConfigureAwait(false);
        return new Answer(() => StatusText.Write(status, eachHost: !context.Options.Hosts.IsEmpty), () => JsonSerializer.Serialize(status, StatusJson.Default.SiteStatus));
    });
}
