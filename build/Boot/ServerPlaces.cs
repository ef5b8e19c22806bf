namespace Dom0Image.Boot;

/// <summary>Where servers look for their configuration.</summary>
public static class ServerPlaces
{
    /// <summary>isc-dhcp-server.</summary>
    public const string Dhcpd = "/etc/dhcp/dhcpd.conf";

    /// <summary>How isc-dhcp-server is started.</summary>
    public const string DhcpdDefaults = "/etc/default/isc-dhcp-server";

    /// <summary>tftpd-hpa.</summary>
    public const string Tftpd = "/etc/default/tftpd-hpa";

    /// <summary>The kernel's NFS server.</summary>
    public const string Exports = "/etc/exports.d/dom0image.exports";

    /// <summary>nfs-ganesha.</summary>
    public const string Ganesha = "/etc/ganesha/ganesha.conf";
}
