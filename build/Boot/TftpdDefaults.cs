using Dom0Image.Generations;

namespace Dom0Image.Boot;

/// <summary>Defaults of tftpd-hpa: shell assignments that its init script and systemd unit read.</summary>
internal static class TftpdDefaults
{
    /// <summary>The file's lines.</summary>
    public static IEnumerable<string> Render() =>
    [
        "TFTP_USERNAME=\"tftp\"",
        $"TFTP_DIRECTORY=\"{Places.Tftp}\"",
        "TFTP_ADDRESS=\":69\"",
        "TFTP_OPTIONS=\"--secure\"",
    ];
}
