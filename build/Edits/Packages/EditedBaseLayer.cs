using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dom0Image.BaseLayer;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Packages;

/// <summary>A base layer with the packages of edits in it.</summary>
/// <param name="Layer">It; the one that was laid where no edit has any.</param>
/// <param name="Edits">The edits whose packages are in it.</param>
/// <param name="Conflicts">Why others are not.</param>
internal sealed record EditedBase(BaseLayerArchive Layer, RecipeEdits Edits, ImmutableArray<EditConflict> Conflicts);

/// <summary>
/// Makes another base layer of a base layer and the packages of edits. A layer whose packages do not go into it is left out as a whole, since
/// what it has beside them is about them.
/// </summary>
/// <param name="recipe">What is built.</param>
/// <param name="finder">Finds packages.</param>
/// <param name="context">Store, tools and progress.</param>
internal sealed class EditedBaseLayer(Recipe recipe, IPackageFinder finder, StageContext context)
{
    private const string Name = "edited-base-layer";

    // What belongs to this machine or to one client only, and what would make two of the same differ.
    private static readonly ImmutableArray<string> Traces =
    [
        "etc/ssh/ssh_host_*", "etc/resolv.conf", "var/log/dpkg.log", "var/log/alternatives.log", "var/log/apt/*", "var/log/bootstrap.log",
        "var/cache/debconf/*-old", "var/lib/dpkg/*-old", "var/cache/apt/*.bin", "var/cache/ldconfig/aux-cache",
        "etc/passwd-", "etc/shadow-", "etc/group-", "etc/gshadow-", "etc/subuid-", "etc/subgid-",
    ];

    /// <summary>Whether a layer has anything to do with packages.</summary>
    public static bool Has(KeptLayer kept) => !kept.Layer.Packages.IsEmpty || !kept.Layer.Settings.Debconf.IsEmpty;

    /// <summary>Gives it; from the store when base and edits are the same.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">Packages cannot be had, or the disk is full.</exception>
    public async Task<EditedBase> MakeAsync(BaseLayerArchive laid, RecipeEdits edits)
    {
        ImmutableArray<KeptLayer> layers = [.. edits.Layers.Where(Has)];
        if (layers.IsEmpty)
        {
            return new EditedBase(laid, edits, []);
        }

        var key = StageKey.For(Name).AddSource("Edits/Packages/").Add("script", ImageTools.Script)
            .Add("base layer", laid.Output.Key.Value)
            .Add("packages", finder.KeyFor(layers))
            .Add("layers", layers.Select(kept => JsonSerializer.Serialize(new Layer(kept.Layer.Name, "", "", "", "", default) { Packages = kept.Layer.Packages, Settings = new LayerSettings { Debconf = kept.Layer.Settings.Debconf } }, LayerJson.Default.Layer)))
            .Build();
        var output = await context.GetOrMakeAsync(Name, key, directory => LayAsync(laid, layers, directory)).ConfigureAwait(false);
        var layer = new BaseLayerArchive(output);
        new PackageCache(context.Store.PackageCache(recipe.Suite, recipe.Architecture)).NoteUseOf(layer.PackageList);
        var conflicts = ConflictFile.Read(Path.Combine(output.Directory, ConflictFile.Name));
        return new EditedBase(layer, edits.Without([.. conflicts.Select(conflict => conflict.Layer)]), conflicts);
    }

    private async Task LayAsync(BaseLayerArchive laid, ImmutableArray<KeptLayer> layers, string directory)
    {
        var scratch = Path.Combine(context.Store.Work, $"edited-{recipe.Name}-{Environment.ProcessId}");
        var conflicts = ImmutableArray.CreateBuilder<EditConflict>();
        try
        {
            // A failure leaves half of it there: the others begin anew.
            while (await TryAsync(laid, layers, scratch).ConfigureAwait(false) is { } failed)
            {
                conflicts.Add(failed);
                layers = [.. layers.Where(kept => kept.Layer.Name != failed.Layer)];
            }

            await PackAsync(laid, Path.Combine(scratch, "root"), directory).ConfigureAwait(false);
            if (conflicts.Count > 0)
            {
                await File.WriteAllBytesAsync(Path.Combine(directory, ConflictFile.Name), ConflictFile.Write(conflicts.ToImmutable()), context.Cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            SafeDelete.Quietly(scratch);
        }
    }

    private async Task<EditConflict?> TryAsync(BaseLayerArchive laid, ImmutableArray<KeptLayer> layers, string scratch)
    {
        SafeDelete.Tree(scratch);
        Directory.CreateDirectory(context.Store.Work);
        Directory.CreateDirectory(scratch, PrivateModes.Directory);
        var root = Path.Combine(scratch, "root");
        await laid.UnpackAsync(root, context).ConfigureAwait(false);
        var application = new PackageApplication(root, laid.Date, finder, Directory.CreateDirectory(Path.Combine(scratch, "offered")).FullName, context);
        foreach (var kept in layers)
        {
            context.Progress.Report($"installing the packages of edit {kept.Layer.Name}");
            try
            {
                await application.ApplyAsync(kept).ConfigureAwait(false);
            }
            catch (LayerFailedException failure)
            {
                return new EditConflict(kept.Layer.Name, failure.Package is { } package ? $"package {package}" : $"packages {Names(kept.Layer.Packages)}", failure.Message);
            }
        }

        return null;
    }

    private static string Names(LayerPackages packages)
        => string.Join(", ", packages.Added.Concat(packages.Changed).Select(package => package.Name).Concat(packages.Removed.Select(name => $"{name} (removed)")));

    private async Task PackAsync(BaseLayerArchive laid, string root, string directory)
    {
        foreach (var trace in Traces.Select(pattern => Path.Combine(root, pattern)))
        {
            var (parent, name) = (Path.GetDirectoryName(trace)!, Path.GetFileName(trace));
            if (FileNode.Find(parent) is { IsDirectory: true } && new DirectoryInfo(parent).LinkTarget is null)
            {
                foreach (var file in Directory.GetFiles(parent, name))
                {
                    FileChange.Delete(file);
                }
            }
        }

        context.Progress.Report("packing the edited base layer");
        var installed = await InstalledPackages.ReadAsync(root, context).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(directory, BaseLayerArchive.PackageListName), string.Concat(installed.Lines.Select(line => line + "\n")), context.Cancellation).ConfigureAwait(false);
        await context.RunAsync(
            new ToolCommand(
                "tar", "--create", "--file", Path.Combine(directory, BaseLayerArchive.ArchiveName), "--zstd", "--directory", root, "--numeric-owner", "--xattrs", "--xattrs-include=*",
                "--format=pax", "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--sort=name", "--one-file-system",
                $"--mtime=@{laid.Date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", "--clamp-mtime", ".")
                .WithEnvironment("ZSTD_CLEVEL", "1")
                .WithEnvironment("ZSTD_NBTHREADS", "0")).ConfigureAwait(false);
        await BaseLayerArchive.KeepSizeAsync(directory, context).ConfigureAwait(false);
        await BaseLayerArchive.KeepDateAsync(directory, laid.Date).ConfigureAwait(false);
    }
}
