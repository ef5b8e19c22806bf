using System.Collections.Immutable;
using Dom0Image.Recipes;
using Dom0Image.Storage;

namespace Dom0Image.Boot;

/// <summary>Makes the boot files of a site. Pure: values in, values out.</summary>
internal static class BootFiles
{
    /// <summary>Menus that boot a generation, and configuration of the servers.</summary>
    /// <param name="site">Where it is served.</param>
    /// <param name="generation">What is booted; null for the servers' files alone.</param>
    /// <exception cref="Diagnostics.BuildFailedException">The site holds what one of the files cannot, or asks for a kernel that is not there. All problems in one go.</exception>
    public static BootFileSet Generate(Site site, GenerationBoot? generation)
    {
        SiteRules.Check(site, generation);
        var menus = generation is null
            ? ImmutableSortedDictionary<string, BootFile>.Empty
            : HostMenus.Generate(site, generation);
        var files = new Dictionary<string, BootText>
        {
            [ServerPlaces.Dhcpd] = Marked(site, DhcpdConf.Render(site)),
            [ServerPlaces.DhcpdDefaults] = Marked(site, DhcpdDefaults.Render(site)),
            [ServerPlaces.Tftpd] = Marked(site, TftpdDefaults.Render(site)),
            [ServerPlaces.TftpdMap] = Marked(site, TftpdMap.Render()),
            [ServerPlaces.Exports] = Marked(site, NfsExports.RenderKernelServer(site)),
            [ServerPlaces.NfsConf] = Marked(site, NfsExports.RenderKernelServerSettings(site)),
            [ServerPlaces.PortmapperSocket] = Marked(site, PortmapperSocket.Render(site)),
            [ServerPlaces.AddressWait] = Marked(site, AddressWaitUnit.Render(site)),
            [ServerPlaces.Ganesha] = Marked(site, NfsExports.RenderGaneshaSettings(site)),
            [ServerPlaces.GaneshaExports] = Marked(site, NfsExports.RenderGanesha(site)),
        };
        foreach (var (place, text) in VolumeUnits.Render(site))
        {
            files.Add(place, new BootText(OwnershipMark.Sign(site.Name, text)));
        }

        return new BootFileSet(menus, files.ToImmutableSortedDictionary(StringComparer.Ordinal), CommonSerial(site));
    }

    private static BootText Marked(Site site, IEnumerable<string> lines)
        => new(OwnershipMark.Sign(site.Name, string.Join('\n', lines) + "\n"));

    // The network loader speaks before a profile is known, so it uses a serial line only where all profiles do.
    private static SerialLine? CommonSerial(Site site)
        => site.Profiles.Select(p => p.Serial).Distinct().ToArray() is [{ } only] ? SerialLine.Parse(only) : null;
}
