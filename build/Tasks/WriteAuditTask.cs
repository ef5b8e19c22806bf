using Cake.Frosting;
using Dom0Image.Auditing;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Tasks;

/// <summary>Finds out what the image writes outside its flash list; with <c>--apply</c> it puts the lines for it into the recipe.</summary>
[TaskName("WriteAudit")]
[TaskDescription("Boots the generation with its whole root writable in RAM, and lists what it writes outside the flash list.")]
[Needs(ToolSet.BootLab, ToolSet.Guest)]
[IsDependentOn(typeof(VerifyTask))]
public sealed class WriteAuditTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var plan = context.HandOver.Take(PlanTask.Plan);
        var subject = GenerationToBoot.Of(plan, context.Places, context.HandOver.Take(MenusTask.BootFiles).Generation!);
        var xen = plan.Site.Profiles.Any(p => p.Xen);
        var scenario = new BootScenario("write-audit", new ClientHardware(Firmware.Bios, NetworkCard.E1000), xen) { DomU = xen && plan.Site.Images is not ImagesExport.None && ExampleGuest.KernelOf(subject.Generation) is not null };
        var found = await context.RunStageAsync(
            "write audit",
            stage => WriteAudit.RunAsync(subject with { ReportDirectory = Path.Combine(subject.ReportDirectory, "write-audit") }, scenario, stage),
            done => new StageFacts { From = done.Summary }).ConfigureAwait(false);

        // The generation's own recipe is a copy, and of an older generation another one.
        var application = new FlashApplication(plan.Recipe, found.Proposal);
        var applies = context.Options.Apply && found.Unseen.IsEmpty && !application.Missing.IsEmpty;
        if (applies)
        {
            await context.RunStageAsync("flash list", _ => Task.FromResult(application.Write()), file => new StageFacts { From = $"{application.Missing.Length} lines put into {file}; build it again" }).ConfigureAwait(false);
        }

        found.RequireClean(application, applies);
    }
}
