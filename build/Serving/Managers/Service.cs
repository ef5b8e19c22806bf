using System.Collections.Immutable;

namespace Dom0Image.Serving.Managers;

/// <summary>A server as the init systems of Debian know it.</summary>
/// <param name="Name">Its package, and its script below <c>/etc/init.d</c>.</param>
/// <param name="Units">Its units under systemd; the first is the server itself.</param>
internal sealed record Service(string Name, ImmutableArray<string> Units)
{
    /// <summary>isc-dhcp-server. Its unit is made of its script.</summary>
    public static Service Dhcpd { get; } = new("isc-dhcp-server", ["isc-dhcp-server.service"]);

    public static Service Tftpd { get; } = new("tftpd-hpa", ["tftpd-hpa.service"]);

    /// <summary>The portmapper, which NFS version 3 is found by.</summary>
    public static Service Rpcbind { get; } = new("rpcbind", ["rpcbind.service", "rpcbind.socket"]);

    /// <summary>nfs-ganesha. Debian has no script for it.</summary>
    public static Service Ganesha { get; } = new("nfs-ganesha", ["nfs-ganesha.service", "nfs-ganesha-lock.service"]);

    /// <summary>The kernel's NFS server.</summary>
    public static Service KernelNfs { get; } = new("nfs-kernel-server", ["nfs-server.service"]);

    /// <summary>Router advertisements, for the boot test.</summary>
    public static Service Radvd { get; } = new("radvd", ["radvd.service"]);

    /// <summary>What has systemd start the servers when the boot server's address is there: no server, and a file of the site's.</summary>
    public static Service AddressWait { get; } = new("dom0image-address", [Path.GetFileName(Boot.ServerPlaces.AddressWait)]);

    /// <summary>All that packages may install here, for builds and boot tests as for boot servers.</summary>
    public static ImmutableArray<Service> All { get; } = [Dhcpd, Tftpd, Rpcbind, Ganesha, KernelNfs, Radvd];

    /// <summary>Its unit under systemd.</summary>
    public string Unit => Units[0];

    /// <summary>Its System V script.</summary>
    public string Script => $"/etc/init.d/{Name}";
}
