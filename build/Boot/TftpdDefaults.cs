using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>Defaults of tftpd-hpa: shell assignments that its init script and systemd unit read.</summary>
internal static class TftpdDefaults
{
    /// <summary>The file's lines. Without an address it listens on all that the machine has, and on IPv6, which not every kernel has.</summary>
    public static IEnumerable<string> Render(Site site) =>
    [
        "TFTP_USERNAME=\"tftp\"",
        $"TFTP_DIRECTORY=\"{Places.Tftp}\"",
        $"TFTP_ADDRESS=\"{site.BootServer}:69\"",
        $"TFTP_OPTIONS=\"--secure --map-file {ServerPlaces.TftpdMap}\"",
    ];
}
