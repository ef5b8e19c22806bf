using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;
using Dom0Image.Verification;

namespace Dom0Image.Pipeline;

/// <summary>Has every rule look at a sealed generation, with the menus that will name it.</summary>
/// <param name="plan">Recipe and site.</param>
/// <param name="materials">Its kernels.</param>
/// <param name="accounts">Looks at the ids of its accounts.</param>
internal sealed class GenerationReview(BuildPlan plan, Materials materials, AccountReview accounts)
{
    private const string ReportFile = "verification.json";

    /// <summary>Verifies, and tells what a person should know of it.</summary>
    /// <param name="staged">The sealed generation.</param>
    /// <param name="menus">The menus that will name it.</param>
    /// <param name="context">Progress.</param>
    /// <param name="hostPaths">Directories of the build that no file of the image may name.</param>
    /// <exception cref="BuildFailedException">Something was found; carries all of it.</exception>
    public Manifest Verify(StagedGeneration staged, MenuSet menus, StageContext context, ImmutableArray<string> hostPaths)
    {
        if (staged.Manifest.LostCapabilities.Select(ByteName.Printable).ToList() is { Count: > 0 } lost)
        {
            context.Progress.Note($"no client sees the capabilities of {string.Join(", ", lost)}: NFSv3 carries none. What they are for needs another way, such as a sysctl or set-uid");
        }

        foreach (var note in SharedByAll.In(staged.RootDirectory, Environment.MachineName))
        {
            context.Progress.Note(note);
        }

        accounts.TellChanges(staged.RootDirectory, context.Progress);
        context.Progress.Report("checking the tree, kernels and menus", 0.5);
        var report = GenerationVerification.Check(
            new CheckedGeneration(staged.Tree, menus.Read(), Requirement) { Accounts = plan.Accounts, Published = accounts.Published },
            new CheckedImage(staged.RootDirectory, plan.Recipe, plan.Site, hostPaths) { Overlays = [.. plan.Recipe.Overlays.Select(plan.Overlay)] });
        File.WriteAllText(Path.Combine(staged.Tree.ImageDirectory, ReportFile), report.ToJson());
        report.ThrowUnlessPassed();
        return staged.Manifest;
    }

    private IReadOnlyList<Diagnostic> Requirement(string kernel, string config, KernelUse use)
        => plan.Kernels.Problems(materials.Kernels.First(k => k.FileName == kernel).Flavour, KernelConfig.Parse(config), use);
}
