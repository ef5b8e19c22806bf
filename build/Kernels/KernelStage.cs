using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Kernels;

/// <summary>Compiles kernel flavours from the suite's own source package.</summary>
internal static class KernelStage
{
    private const string Name = "kernel";

    private const string SourcePrefix = "linux-source-";

    /// <summary>Compiles one flavour, or takes it from the store when nothing that it depends on changed.</summary>
    /// <param name="recipe">Names the architecture.</param>
    /// <param name="flavour">Source package and fragments.</param>
    /// <param name="fetcher">Finds the source package; other stages use it too, so that the package lists are read once.</param>
    /// <param name="context">Store, tools, progress, cancellation.</param>
    /// <param name="kernelConfigsDirectory">The <c>kernel-configs</c> directory.</param>
    /// <param name="lacks">What the finished configuration lacks for what the kernel is there for; asked before it is compiled. Null to ask for nothing.</param>
    /// <exception cref="BuildFailedException">Bad fragments, options that cannot be had, a source that cannot be fetched or trusted, or a failed compilation.</exception>
    public static async Task<KernelBuild> MakeAsync(
        Recipe recipe, KernelFlavour flavour, PackageFetcher fetcher, StageContext context, string kernelConfigsDirectory, Func<KernelConfig, IEnumerable<Diagnostic>>? lacks = null)
    {
        var shortVersion = ShortVersionOf(flavour);
        var requested = FragmentSet.Read(flavour, kernelConfigsDirectory);
        var package = await fetcher.FindAsync(flavour.Source).ConfigureAwait(false);
        var compiler = await ToolVersionsAsync(context).ConfigureAwait(false);
        var key = StageKey.For(Name).AddSource("Kernels/KernelStage.cs", "Kernels/KernelTree.cs", "Kernels/KernelSource.cs")
            .Add("architecture", recipe.Architecture)
            .Add("flavour", flavour.Name)
            .Add("package", $"{package.Name} {package.Version} {package.Sha256}")
            .Add("options", requested.Options.Select(option => option.ToString()))
            .Add("compiler", compiler)
            .Build();

        var output = await context.GetOrMakeAsync(Name, key, async work =>
        {
            var source = await KernelSource.PrepareAsync(package, () => fetcher.DownloadAsync(package, context.Progress), context).ConfigureAwait(false);
            var tree = TreeOf(flavour, package, recipe, source, context);
            await ConfigureAsync(tree, flavour, requested, source, lacks).ConfigureAwait(false);
            await CompileAsync(tree, $"{shortVersion}-{flavour.Name}", work, context).ConfigureAwait(false);
            KernelSource.DeleteOthers(package, context);
        }).ConfigureAwait(false);

        // Also when nothing was compiled: a changed option of this flavour would need them.
        StoreUse.Note(KernelSource.HomeOf(package, context.Store));
        StoreUse.Note(TreeOf(flavour, package, recipe, context.Store));

        string At(string name) => Path.Combine(output.Directory, name);
        return new KernelBuild(
            flavour,
            (await File.ReadAllTextAsync(At("release"), context.Cancellation).ConfigureAwait(false)).Trim(),
            $"kernel-{shortVersion}-{flavour.Name}",
            At("bzImage"),
            At("System.map"),
            At("config"),
            Directory.Exists(At("modules")) ? At("modules") : null,
            $"{package.Name} {package.Version}",
            output);
    }

    private static string ShortVersionOf(KernelFlavour flavour)
        => flavour.Source.StartsWith(SourcePrefix, StringComparison.Ordinal)
            ? flavour.Source[SourcePrefix.Length..]
            : throw new BuildFailedException(new Diagnostic($"'{flavour.Source}' is no kernel's source package")
            {
                Where = flavour.Where,
                Expected = $"a package of the suite whose name starts with '{SourcePrefix}'",
            });

    private static string TreeOf(KernelFlavour flavour, PackageEntry package, Recipe recipe, BuildStore store)
        => Path.Combine(store.KernelTrees, $"build-{recipe.Architecture}-{flavour.Name}-{package.Name}-{package.Sha256[..12]}");

    private static KernelTree TreeOf(KernelFlavour flavour, PackageEntry package, Recipe recipe, KernelSource source, StageContext context)
        => new(
            TreeOf(flavour, package, recipe, context.Store),
            source,
            recipe.Architecture switch { "amd64" => "x86_64", var other => other },
            shared: recipe.Kernels.Count(k => k.Source == flavour.Source) > 1,
            context);

    private static async Task ConfigureAsync(KernelTree tree, KernelFlavour flavour, FragmentSet requested, KernelSource source, Func<KernelConfig, IEnumerable<Diagnostic>>? lacks)
    {
        tree.Prepare();
        var config = await tree.ConfigureAsync(requested.Options, "-" + flavour.Name).ConfigureAwait(false);
        var dropped = OptionCheck.Check(requested.Options, config, source.Directory, "x86");
        if (dropped.Count > 0)
        {
            throw new BuildFailedException(dropped);
        }

        // Nobody should wait for a compilation to hear of it.
        var lacking = lacks?.Invoke(config).Select(lack => lack with { What = $"flavour '{flavour.Name}': {lack.What}", Where = lack.Where ?? flavour.Where }).ToList();
        if (lacking is { Count: > 0 })
        {
            throw new BuildFailedException(lacking);
        }
    }

    private static async Task CompileAsync(KernelTree tree, string name, string work, StageContext context)
    {
        var modules = (await tree.ReadConfigAsync().ConfigureAwait(false)).BuiltIn("MODULES");
        await tree.CompileAsync(name, modules).ConfigureAwait(false);
        var release = await tree.ReleaseAsync().ConfigureAwait(false);
        if (modules)
        {
            await tree.InstallModulesAsync(Path.Combine(work, "modules"), release).ConfigureAwait(false);
        }

        File.Copy(tree.Image, Path.Combine(work, "bzImage"));
        File.Copy(tree.SystemMap, Path.Combine(work, "System.map"));
        File.Copy(tree.ConfigFile, Path.Combine(work, "config"));
        await File.WriteAllTextAsync(Path.Combine(work, "release"), release + "\n", context.Cancellation).ConfigureAwait(false);
    }

    // The tools that an image's bytes depend on.
    private static async Task<string> ToolVersionsAsync(StageContext context)
    {
        var versions = await Task.WhenAll(
            context.RunAsync(new ToolCommand("gcc", "--version") { Hint = "Install gcc." }),
            context.RunAsync(new ToolCommand("ld", "--version") { Hint = "Install binutils." })).ConfigureAwait(false);
        return string.Join(" / ", versions.Select(version => version.Lines[0]));
    }
}
