using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Edits;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Processes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.Overlays;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Store;
using Dom0Image.Xen;

namespace Dom0Image.Pipeline;

/// <summary>
/// Turns the base layer into the root that clients mount. The steps work on a tree that nobody else sees; their order is
/// the one of the design.
/// </summary>
/// <param name="plan">Recipe, site, overlays.</param>
/// <param name="materials">Base layer and kernels.</param>
/// <param name="accounts">Which ids its accounts have.</param>
internal sealed class RootComposition(BuildPlan plan, Materials materials, AccountPlan accounts)
{
    /// <summary>What became of the edits, once it is composed.</summary>
    public EditReport Edited { get; private set; } = EditReport.Empty;

    /// <summary>
    /// The key of what goes into this root, with its kernels and hypervisor. It says when a root has to be composed at all; a
    /// generation is named by what came out.
    /// </summary>
    public StageKey Key()
    {
        var key = StageKey.For("composition", 1)
            // The steps are this program's own code, down to the libraries that it is compiled with; any change of it composes anew.
            .Add("pipeline", typeof(RootComposition).Module.ModuleVersionId.ToString())
            .Add("base layer", materials.BaseLayer.Output.Key.Value)
            .Add("users", accounts.Users.Select(id => $"{id.Key}={id.Value}"))
            .Add("groups", accounts.Groups.Select(id => $"{id.Key}={id.Value}"))
            .Add("kernels", materials.Kernels.Select(k => k.Output.Key.Value))
            .Add("hypervisor", materials.Hypervisor?.Output.Key.Value ?? "")
            .Add("microcode", materials.Microcode?.Output.Key.Value ?? "")
            .Add("recipe", plan.Recipe.Name)
            .Add("init", $"{plan.Recipe.Init}")
            .Add("flash size", plan.Recipe.Flash.SizeLimit.ToString(CultureInfo.InvariantCulture))
            .Add("flash", plan.Recipe.Flash.Entries.Select(e => $"{e with { Where = null }}"))
            .Add("set-uid", plan.Recipe.SetUid)
            .Add("login", $"{plan.Site.RootLogin.PasswordHash} {plan.Site.RootLogin.EmptyPasswordAllowed}")
            .Add("keys", plan.Site.RootLogin.AuthorizedKeys)
            .Add("values", Values().Values.Select(v => $"{v.Key}={v.Value}"));
        materials.Edits.AddTo(key);
        foreach (var overlay in plan.Recipe.Overlays)
        {
            OverlayTree.Read(plan.Overlay(overlay)).AddTo(key.Add("overlay", overlay));
        }

        return key.Build();
    }

    /// <summary>Fills an empty directory with the root.</summary>
    /// <param name="root">Absolute path of the directory.</param>
    /// <param name="context">Tools and progress.</param>
    /// <exception cref="Diagnostics.BuildFailedException">An overlay or a flash entry does not fit the tree.</exception>
    public async Task ComposeAsync(string root, StageContext context)
    {
        var steps = Steps(root, context).ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Progress.Report(steps[i].Activity, (double)i / steps.Count);
            await steps[i].Run().ConfigureAwait(false);
        }
    }

    /// <summary>Sees, once it is composed, that what it was to be made of is still what is there: a key must not lead to another image.</summary>
    /// <exception cref="BuildFailedException">An overlay was changed in the meantime.</exception>
    public void RequireSame(StageKey key)
    {
        if (Key() != key)
        {
            throw new BuildFailedException(new Diagnostic($"an overlay of recipe {plan.Recipe.Name} was changed while the image was composed from it") { Hint = "Run the command again when nobody edits it" });
        }
    }

    private IEnumerable<(string Activity, Func<Task> Run)> Steps(string root, StageContext context)
    {
        yield return ("unpacking the base layer", () => materials.BaseLayer.UnpackAsync(root, context));
        yield return ("giving accounts their ids", () => Step(() => AccountRenumbering.Apply(root, accounts)));
        yield return ("forgetting the day", () => Step(() => BuildDay.Forget(root)));
        foreach (var kernel in materials.Kernels.Where(k => k.Modules is not null))
        {
            yield return ($"adding modules of {kernel.Release}", () => CopyModulesAsync(kernel.Modules!, root, context));
        }

        // Before the overlays: a host name or name servers that one of them brings are meant.
        yield return ("removing the build machine's files", () => Step(() => SecretRemoval.RemoveHostFiles(root)));
        foreach (var overlay in plan.Recipe.Overlays)
        {
            yield return ($"laying overlay {overlay}", () => Step(() => OverlayLayer.Apply(plan.Overlay(overlay), root, Values())));
        }

        yield return ("having Xen lock disks", () => Step(() => BlockScript.Apply(root)));
        yield return ("removing secrets", () => Step(() => SecretRemoval.Apply(root, plan.Recipe, plan.Site)));

        // What was edited is a generation, in which all of the above was done; what the edits brought that no image keeps goes again.
        foreach (var kept in materials.Edits.Layers)
        {
            yield return ($"applying edit {kept.Layer.Name}", () => ApplyAsync(kept, root, context));
        }

        if (!materials.Edits.Layers.IsEmpty)
        {
            yield return ("removing the edits' secrets", () => Step(() => SecretRemoval.Clean(root, plan.Recipe)));
        }

        yield return ("moving writable paths under /flash", () => Step(() =>
        {
            FlashRelocation.Relocate(root, plan.Recipe.Flash);
            TmpfilesAges.Write(root, plan.Recipe.Flash);
        }));
        yield return ("installing the RAM-tree init", () => RamTreeInit.InstallAsync(context, root, plan.Recipe));
        yield return ("packing the RAM tree", () => Step(() =>
        {
            RamTreeTimes.Settle(root, materials.BaseLayer.Date);
            RamTreeArchive.Write(root, plan.Recipe.Flash);
        }));
    }

    private async Task ApplyAsync(KeptLayer kept, string root, StageContext context)
        => Edited = Edited.With(await new EditApplication(root, materials.Edits.Answers, plan.Recipe, context).ApplyAsync(kept).ConfigureAwait(false));

    private TemplateValues Values() => TemplateValues.From(plan.Recipe, plan.Site);

    private static Task<ToolResult> CopyModulesAsync(string modules, string root, StageContext context)
        => context.RunAsync(new ToolCommand("cp", "-a", "--", Path.Combine(modules, "lib", "modules"), ContainedPath.Resolve(root, "/lib")));

    private static Task Step(Action step)
    {
        step();
        return Task.CompletedTask;
    }
}
