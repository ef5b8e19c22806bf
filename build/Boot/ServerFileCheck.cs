using Dom0Image.Generations;
using Dom0Image.Processes;

namespace Dom0Image.Boot;

/// <summary>How the program that will read a server's file is made to read it and to do nothing else.</summary>
/// <param name="Program">The program.</param>
/// <param name="Package">The Debian package that holds it.</param>
/// <param name="Command">Makes the check of a file from its path and its content.</param>
/// <param name="NeedsRoot">Whether it runs in namespaces of its own.</param>
internal sealed record ServerFileCheck(string Program, string Package, Func<string, string, ToolCommand> Command, bool NeedsRoot = false)
{
    // exportfs has no dry run: it gets an /etc, a state directory and a network (and with it the kernel's export table) of
    // its own, with nothing in them but the file and the places that it names, which have to be mount points.
    private const string ReadExports =
        """
        for place in /opt /var/lib/nfs /etc; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        for place in "$@"; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        touch /var/lib/nfs/etab /var/lib/nfs/rmtab
        cat > /etc/exports
        exportfs -ra
        for place in "$@"; do
          grep -q "^$place[[:blank:]]" /var/lib/nfs/etab
        done
        if grep -q mountpoint /etc/exports && grep -v mountpoint /var/lib/nfs/etab >&2; then
          echo 'exported though nothing is mounted there' >&2
          exit 1
        fi
        """;

    // Neither has ganesha. It reads its whole configuration before it looks for a portmapper; where there is none it gives up.
    // On a network without any address it would take none for one. $1 is which of its two files is read; the other one is as
    // simple as can be. A word that it does not know is a warning to it, and the setting is not made.
    private const string ReadGanesha =
        """
        for place in /opt /var/lib/nfs /run; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        ip address add 192.0.2.1/32 dev lo
        echo '%include "dom0image-exports.conf"' > /run/ganesha.conf
        echo 'EXPORT { Export_Id = 1; Path = /run; Pseudo = /run; FSAL { Name = VFS; } }' > /run/dom0image-exports.conf
        cat > "/run/$1"
        shift
        mkdir -p "$@"
        timeout -s KILL 20 ganesha.nfsd -F -f /run/ganesha.conf -p /run/ganesha.pid -L /run/log -N EVENT || true
        test -s /run/log
        if grep -E ':CONFIG :(CRIT|FATAL|MAJ)|Config File [(]|No export entries' /run/log >&2; then
          exit 1
        fi
        """;

    // It reads the map first. A rule that it cannot read is EX_CONFIG; here, where it finds no address to listen at, EX_NOINPUT.
    private const string ReadTftpdMap =
        """
        mount -t tmpfs tmpfs /run
        cat > /run/map
        code=0
        in.tftpd --foreground --address 192.0.2.1:69 --map-file /run/map / || code=$?
        if [ "$code" != 66 ]; then
          echo "a rule cannot be read (exit code $code)" >&2
          exit 1
        fi
        """;

    // systemd takes what it does not know for a warning: each that names the file or its unit is a refusal. A drop-in is read
    // with a service of its name, whatever version of it is installed. It takes a file of the unit's name where it stands for the unit,
    // and writes /run/systemd/systemd-units-load, which tells when systemd itself last read units (seen in 252).
    private const string ReadUnit =
        """
        cd /
        mount -t tmpfs tmpfs /run
        mount -t tmpfs tmpfs /etc/systemd/system
        mkdir -p "$(dirname "$1")"
        cat > "$1"
        case $1 in *.d/*) printf '[Service]\nExecStart=/bin/true\n' > "/etc/systemd/system/${2%.*}.service" ;; esac
        case $1 in *.socket.d/*) printf '[Socket]\nListenStream=/run/socket\n' > "/etc/systemd/system/$2" ;; esac
        said=$(systemd-analyze verify --man=no "$2" 2>&1) || { echo "$said" | grep -F "$2" >&2; exit 1; }
        if echo "$said" | grep -F -e "$1:" -e "$2:" >&2; then
          exit 1
        fi
        """;

    // Asked of a device without a node, so that none is touched. 'udevadm verify' is not in Debian 12.
    private const string ReadRules =
        """
        for place in /usr/lib/udev/rules.d /run /etc/udev/rules.d; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        cat > "$1"
        said=$(udevadm test --action=add /sys/class/net/lo 2>&1)
        echo "$said" | grep -q -F "$1"
        if echo "$said" | grep -F "$1:" >&2; then
          exit 1
        fi
        """;

    private const string WithTemp = "mount -t tmpfs tmpfs /tmp\n";

    // As the init script and the unit read it: what they use must be there, whatever else is.
    private const string ReadTftpdDefaults =
        """
        cat > /tmp/defaults
        . /tmp/defaults
        for name in TFTP_USERNAME TFTP_DIRECTORY TFTP_ADDRESS TFTP_OPTIONS; do
          eval "value=\${$name:-}"
          if [ -z "$value" ]; then
            echo "$name is not set" >&2
            exit 1
          fi
        done
        """;

    // On a network without the site's addresses: then no interface is served, and not each.
    private const string ReadDhcpdDefaults =
        """
        cat > /tmp/defaults
        . /tmp/defaults
        if [ -z "${INTERFACESv4:-}" ]; then
          echo 'INTERFACESv4 is not set: it would serve each interface' >&2
          exit 1
        fi
        if [ "${INTERFACESv6-unset}" != '' ]; then
          echo 'INTERFACESv6 is not set to nothing: it would start a server for IPv6' >&2
          exit 1
        fi
        """;

    /// <summary>The check of a file that is read at a place.</summary>
    public static ServerFileCheck For(string place) => place switch
    {
        ServerPlaces.Dhcpd => new("dhcpd", "isc-dhcp-server", (file, _) => new ToolCommand("dhcpd", "-4", "-t", "-cf", file)),
        ServerPlaces.DhcpdDefaults => new("sh", "dash", (_, text) => InPrivate(WithTemp + ReadDhcpdDefaults, text), NeedsRoot: true),
        ServerPlaces.Tftpd => new("sh", "dash", (_, text) => InPrivate(WithTemp + ReadTftpdDefaults, text), NeedsRoot: true),
        ServerPlaces.TftpdMap => new("in.tftpd", "tftpd-hpa", (_, text) => InPrivate(ReadTftpdMap, text), NeedsRoot: true),
        ServerPlaces.GenerationsMount or ServerPlaces.ImagesMount or ServerPlaces.AddressWait => Unit(place, Path.GetFileName(place)),
        ServerPlaces.GaneshaStart or ServerPlaces.PortmapperSocket => Unit(place, Path.GetFileNameWithoutExtension(Path.GetDirectoryName(place)!)),
        ServerPlaces.StorageRules => new("udevadm", "udev", (_, text) => InPrivate(ReadRules, text, place), NeedsRoot: true),
        ServerPlaces.Exports => new("exportfs", "nfs-kernel-server", (_, text) => InPrivate(ReadExports, text, ExportedBy(text)), NeedsRoot: true),
        ServerPlaces.NfsConf => new("nfsconf", "nfs-common", (file, _) => new ToolCommand("nfsconf", "--file", file, "--get", "nfsd", "host")),
        ServerPlaces.Ganesha or ServerPlaces.GaneshaExports
            => new("ganesha.nfsd", "nfs-ganesha", (_, text) => InPrivate(ReadGanesha, text, [Path.GetFileName(place), .. ExportedBy(text)]), NeedsRoot: true),
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, "no program is known to read it"),
    };

    /// <summary>Path of the program, or null when it is not installed.</summary>
    public string? Installed => ToolPath.Find(Program);

    private static string[] ExportedBy(string text)
        => text.Contains(Places.DomUImages, StringComparison.Ordinal) ? [Places.Generations, Places.DomUImages] : [Places.Generations];

    private static ServerFileCheck Unit(string place, string unit)
        => new("systemd-analyze", "systemd", (_, text) => InPrivate(ReadUnit, text, place, unit), NeedsRoot: true);

    private static ToolCommand InPrivate(string script, string text, params string[] arguments)
        => IsolatedScript.CommandWithoutNetwork(script, arguments) with { StandardInput = text };
}
