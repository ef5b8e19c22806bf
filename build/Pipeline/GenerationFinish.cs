using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Posix;
using Dom0Image.RootFs;
using Dom0Image.Stages;

namespace Dom0Image.Pipeline;

/// <summary>Seals a composed generation and has every rule look at it, with the menus that will name it.</summary>
/// <param name="plan">Recipe and site.</param>
/// <param name="materials">Kernels, hypervisor, package list.</param>
/// <param name="target">Its id and key.</param>
/// <param name="accounts">Looks at the ids of its accounts.</param>
public sealed class GenerationFinish(BuildPlan plan, Materials materials, GenerationTarget target, AccountReview accounts)
{
    private const string ReportFile = "verification.json";

    /// <summary>Seals and verifies.</summary>
    /// <param name="staged">The generation, its root composed.</param>
    /// <param name="context">A work directory, progress.</param>
    /// <param name="hostPaths">Directories of the build that no file of the image may name.</param>
    /// <exception cref="BuildFailedException">Something was found; carries all of it.</exception>
    public Manifest SealAndVerify(StagedGeneration staged, StageContext context, IEnumerable<string> hostPaths)
    {
        context.Progress.Report("taking the manifest", 0);
        var manifest = staged.Seal(Parts(), context.Cancellation);
        if (manifest.LostCapabilities.Select(ByteName.Printable).ToList() is { Count: > 0 } lost)
        {
            context.Progress.Note($"no client sees the capabilities of {string.Join(", ", lost)}: NFSv3 carries none. What they are for needs another way, such as a sysctl or set-uid");
        }

        foreach (var note in SharedByAll.In(staged.RootDirectory, Environment.MachineName))
        {
            context.Progress.Note(note);
        }

        context.Progress.Report("checking the tree", 0.5);
        var found = TreeVerification.Verify(staged.RootDirectory, plan.Recipe, plan.Site, hostPaths).AddRange(accounts.Check(staged.RootDirectory, context.Progress));
        context.Progress.Report("checking kernels and menus", 0.9);
        using var built = BuiltMenus.Write(BootFiles.Generate(plan.Site, GenerationBoots.Of(target, plan.Recipe, materials)), context.Store);
        var report = GenerationVerification.Check(staged.Tree, built.Menus.Directory, (kernel, config, use) => KernelRequirements.Check(config, use, IsForUefi(kernel), materials.Microcode is not null), found);
        File.WriteAllText(Path.Combine(staged.Tree.ImageDirectory, ReportFile), report.ToJson());
        report.ThrowUnlessPassed();
        accounts.Propose(staged, context.Progress);
        return manifest;
    }

    private bool IsForUefi(string kernel) => materials.Kernels.Any(k => k.FileName == kernel && k.Flavour.IsForUefi);

    private GenerationParts Parts() => new()
    {
        RecipeName = plan.Recipe.Name,
        Key = target.Key,
        PackageListFile = materials.BaseLayer.PackageList,
        Extras = ImmutableDictionary<string, string>.Empty.Add(GenerationRecipe.FileName, RecipeFiles.Recipe(plan.Repository, plan.Recipe.Name)),
        Kernels = [.. materials.Kernels.Select(k => new KernelFile(k.FileName, k.Image, k.SystemMap, k.Config))],
        Hypervisor = materials.Hypervisor is { } hypervisor ? new HypervisorFile(hypervisor.FileName, hypervisor.File) : null,
        MicrocodeArchive = materials.Microcode?.File,
    };
}
