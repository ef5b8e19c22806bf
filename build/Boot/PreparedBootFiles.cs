using System.Collections.Immutable;
using Dom0Image.Boot.Loaders;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Verification;

namespace Dom0Image.Boot;

/// <summary>Boot files that were checked and wait to be published. Disposing deletes what was written for the checks and not published.</summary>
/// <param name="Generation">What the menus boot; null when there is nothing to boot, and so no menu.</param>
/// <param name="Set">Menus and server files.</param>
/// <param name="Loaders">GRUB's network images.</param>
internal sealed record PreparedBootFiles(GenerationBoot? Generation, BootFileSet Set, GrubImages Loaders) : IDisposable
{
    /// <summary>The menus as files, written once for checks and publication, since a site can have thousands; null without a generation.</summary>
    internal BuiltMenus? Built { get; init; }

    /// <summary>Makes and checks the boot files of a site.</summary>
    /// <param name="site">The site.</param>
    /// <param name="generation">A finished generation; null for the servers' files alone.</param>
    /// <param name="places">Where the generation stands.</param>
    /// <param name="context">Store and tools.</param>
    /// <param name="verified">Whether what the menus ask of the generation is for the caller to verify: it is not finished yet.</param>
    /// <exception cref="BuildFailedException">One of them is refused by its tool, names a file that is not there, or boots a kernel that lacks what it needs.</exception>
    public static async Task<PreparedBootFiles> MakeAsync(Site site, GenerationBoot? generation, Places places, StageContext context, bool verified = false)
    {
        var set = BootFiles.Generate(site, generation);
        var built = generation is null ? null : BuiltMenus.FindOrWrite(set, places, context.Store);
        try
        {
            await BootFileCheck.CheckAsync(set, context, built is null || verified ? [] : Lacking(built.Menus, GenerationTree.Finished(places, generation!.GenerationId))).ConfigureAwait(false);
            return new PreparedBootFiles(generation, set, await GrubImages.MakeAsync(context, set.Serial).ConfigureAwait(false)) { Built = built };
        }
        catch
        {
            built?.Dispose();
            throw;
        }
    }

    /// <summary>Whether hosts get these menus already.</summary>
    public bool Stand(Places places) => Generation is not null && CurrentState.Read(places).Is(Generation.GenerationId, Set.MenuKey);

    /// <summary>Publishes them with their generation, in the order that never shows a client half of it; without one, the servers' files alone.</summary>
    /// <param name="places">Where to; their lock is held by the caller.</param>
    /// <param name="context">Told what needs the administrator's eye.</param>
    /// <param name="goesBack">Whether the generation takes the place of one that is given up.</param>
    /// <returns>The places, without the prefix, that changed.</returns>
    /// <exception cref="BuildFailedException">Something that is not ours is in the way, or the disk is full; hosts boot what they booted before.</exception>
    public ImmutableArray<string> Publish(Places places, StageContext context, bool goesBack = false)
    {
        var writer = new BootFilesWriter(Set);
        if (Generation is null)
        {
            return writer.WriteServed(places, Loaders, context.Progress);
        }

        return new Publication(places).Publish(new PublicationRequest(Generation.GenerationId, Built!.Menus)
        {
            GoesBack = goesBack,
            WriteServerFiles = () => writer.WriteServed(places, Loaders, context.Progress),
        }).Changed;
    }

    /// <inheritdoc/>
    public void Dispose() => Built?.Dispose();

    /// <summary>What the generation lacks that the menus name.</summary>
    internal static Diagnostic[] Lacking(MenuSet menus, GenerationTree generation)
    {
        IEnumerable<Diagnostic> Requirement(string kernel, string config, KernelUse use) => KernelRequirements.Check(config, use, File.Exists(generation.Microcode));
        return [.. GenerationVerification.CheckMenus(new CheckedGeneration(generation, menus.Read(), Requirement)).Select(finding => finding.ToDiagnostic())];
    }
}
