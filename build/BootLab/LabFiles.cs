using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab.Servers;
using Dom0Image.Generations;

namespace Dom0Image.BootLab;

/// <summary>
/// What a lab serves, laid out in a work directory: menus and server files, generated for the lab's site by the code that
/// generates those of every site, and the generation's kernels, which are shown to the servers where they will stand.
/// </summary>
/// <param name="Configuration">The servers' configuration: <c>PREFIX/etc</c>.</param>
/// <param name="TftpArea">Directory that is served over TFTP.</param>
/// <param name="Mounts">Where the servers see all of it.</param>
internal sealed record LabFiles(string Configuration, string TftpArea, ImmutableArray<LabMount> Mounts)
{
    /// <summary>Writes the files.</summary>
    /// <param name="work">An empty directory.</param>
    /// <param name="site">The lab's site.</param>
    /// <param name="generation">What is booted.</param>
    /// <param name="boot">What is booted, as menus name it.</param>
    /// <param name="loaders">GRUB's network images.</param>
    public static LabFiles Write(string work, LabSite site, GenerationTree generation, GenerationBoot boot, GrubImages loaders)
    {
        var published = Path.Combine(work, "published");
        var tftp = published + Places.Tftp;
        var set = BootFiles.Generate(site.Site, boot);
        var writer = new BootFilesWriter(set);
        writer.WriteServerFiles(published);
        BootFilesWriter.WriteMenus(set, published + $"{Places.Menus}/{set.MenuKey}");
        File.CreateSymbolicLink(published + Places.CurrentMenus, $"menus/{set.MenuKey}");
        BootFilesWriter.WriteGrubImages(loaders, tftp);
        Directory.CreateDirectory(published + Places.TftpOnServer(generation.Id));
        return new LabFiles(published + "/etc", tftp,
        [
            new LabMount(tftp, Places.Tftp),
            new LabMount(generation.TftpDirectory, Places.TftpOnServer(generation.Id)),
        ]);
    }
}
