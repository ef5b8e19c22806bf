using Dom0Image.Processes;

namespace Dom0Image.Boot.Servers;

/// <summary>How the program that will read a server's file is made to read it and to do nothing else.</summary>
/// <param name="Program">The program.</param>
/// <param name="Package">The Debian package that holds it.</param>
/// <param name="Command">Makes the check of a file from its path and its content.</param>
/// <param name="NeedsRoot">Whether it runs in namespaces of its own.</param>
internal sealed record ServerFileCheck(string Program, string Package, Func<string, string, ToolCommand> Command, bool NeedsRoot = false)
{
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

    private const string WithTemp = "mount -t tmpfs tmpfs /tmp\ncat > /tmp/defaults\n. /tmp/defaults\n";

    /// <summary>Path of the program, or null when it is not installed.</summary>
    public string? Installed => ToolPath.Find(Program);

    /// <summary>A script that gets the file on its standard input, in namespaces of its own, without a network.</summary>
    /// <param name="program">What the script has read it.</param>
    /// <param name="package">The Debian package of that.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments, of the file's content.</param>
    public static ServerFileCheck Isolated(string program, string package, string script, Func<string, string[]>? arguments = null)
        => new(program, package, (_, text) => IsolatedScript.CommandWithoutNetwork(script, arguments?.Invoke(text) ?? []) with { StandardInput = text }, NeedsRoot: true);

    /// <summary>A file of shell assignments, as init scripts and units read it: what they use must be there, whatever else is.</summary>
    /// <param name="look">Looks at the variables.</param>
    public static ServerFileCheck Defaults(string look) => Isolated("sh", "dash", WithTemp + look);

    /// <summary>A unit of systemd's, or what stands beside one.</summary>
    public static ServerFileCheck Unit(string place)
        => Isolated("systemd-analyze", "systemd", ReadUnit, _ => [place, Path.GetFileName(Path.GetDirectoryName(place)!) is var above && above.EndsWith(".d", StringComparison.Ordinal) ? above[..^2] : Path.GetFileName(place)]);
}
