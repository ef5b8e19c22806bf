using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Stages;

namespace Dom0Image.Pipeline;

/// <summary>Boot files that were checked and wait to be published.</summary>
/// <param name="Set">Menus and server files.</param>
/// <param name="Loaders">GRUB's network images.</param>
public sealed record PreparedBootFiles(BootFileSet Set, GrubImages Loaders)
{
    /// <summary>Whether hosts get these menus already.</summary>
    public bool Stand(Places places) => CurrentState.Read(places).Menus == Set.MenuKey;

    /// <summary>Makes and checks the boot files of a site for a finished generation.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">One of them is refused by its tool, or names a file that is not there.</exception>
    public static async Task<PreparedBootFiles> MakeAsync(Site site, GenerationBoot generation, Places places, StageContext context)
    {
        var set = BootFiles.Generate(site, generation);
        await BootFileCheck.CheckAsync(set, context, tftpPath => File.Exists(places.OnDisk(Places.Tftp + tftpPath))).ConfigureAwait(false);
        return new PreparedBootFiles(set, await GrubImages.MakeAsync(context, set.Serial).ConfigureAwait(false));
    }
}
