namespace Dom0Image.Boot;

/// <summary>Where servers look for their configuration.</summary>
internal static class ServerPlaces
{
    /// <summary>isc-dhcp-server.</summary>
    public const string Dhcpd = "/etc/dhcp/dhcpd.conf";

    /// <summary>How isc-dhcp-server is started.</summary>
    public const string DhcpdDefaults = "/etc/default/isc-dhcp-server";

    /// <summary>tftpd-hpa.</summary>
    public const string Tftpd = "/etc/default/tftpd-hpa";

    /// <summary>Names that tftpd-hpa takes for others.</summary>
    public const string TftpdMap = "/etc/tftpd-hpa.map";

    /// <summary>The kernel's NFS server.</summary>
    public const string Exports = "/etc/exports.d/dom0image.exports";

    /// <summary>Where the kernel's NFS server listens.</summary>
    public const string NfsConf = "/etc/nfs.conf.d/dom0image.conf";

    /// <summary>nfs-ganesha.</summary>
    public const string Ganesha = "/etc/ganesha/ganesha.conf";

    /// <summary>What nfs-ganesha exports: a file of its own, which it reads again when it is told to, and all else only when it starts.</summary>
    public const string GaneshaExports = "/etc/ganesha/dom0image-exports.conf";

    /// <summary>Where rpcbind listens.</summary>
    public const string PortmapperSocket = "/etc/systemd/system/rpcbind.socket.d/dom0image.conf";

    /// <summary>What has the servers wait for the boot server's address.</summary>
    public const string AddressWait = "/etc/systemd/system/dom0image-address.service";

    /// <summary>What starts nfs-ganesha only when all that it exports is mounted.</summary>
    public const string GaneshaStart = "/etc/systemd/system/nfs-ganesha.service.d/dom0image.conf";

    /// <summary>Mounts generations.</summary>
    public const string GenerationsMount = "/etc/systemd/system/opt-ondemand-generations.mount";

    /// <summary>Mounts images of domUs.</summary>
    public const string ImagesMount = "/etc/systemd/system/opt-ondemand-imgs.mount";

    /// <summary>Keeps blocks of image files that are allocated in full.</summary>
    public const string StorageRules = "/etc/udev/rules.d/60-dom0image-storage.rules";
}
