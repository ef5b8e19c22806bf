using Cake.Core.Diagnostics;
using Cake.Frosting;
using Dom0Image.BootLab;
using Dom0Image.CommandLine;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Serving;

namespace Dom0Image.Tasks;

/// <summary>Sees to it that this machine has what the target needs.</summary>
[TaskName("HostTools")]
[TaskDescription("Installs the Debian packages that the target needs and this machine lacks.")]
public sealed class HostToolsTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var needed = HostToolTable.For(TaskNeeds.Of(context.Targets, context.BootTest is not BootTestExtent.None), ServedSite(context));
        if (needed.Contains(HostToolTable.Emulator))
        {
            LabRequirements.Require(context.Options.Clients);
        }

        var lacking = HostToolInstaller.Lacking(needed, DpkgStatus.Read());
        if (lacking.IsEmpty)
        {
            var asked = context.Targets.Contains("HostTools");
            context.Log.Write(asked ? Verbosity.Normal : Verbosity.Verbose, LogLevel.Information, "nothing is lacking: all {0} packages are installed", needed.Length);
        }
        else
        {
            await context.RunStageAsync(
                "host tools",
                stage => new HostToolInstaller(Environment.IsPrivilegedProcess).InstallAsync(stage, lacking),
                installed => new StageFacts { From = $"{installed.Length} packages" }).ConfigureAwait(false);
        }
    }

    // What is asked for on the wrong machine installs nothing there.
    private static Site? ServedSite(BuildContext context)
    {
        if (!context.Targets.Contains("Serve", StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        BootServerMachine.Require(site, context.Places);
        return site;
    }
}
