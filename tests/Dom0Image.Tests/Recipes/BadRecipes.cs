namespace Dom0Image.Tests.Recipes;

/// <summary>A right recipe and a right site, and what goes wrong with them when one piece is put in another's place.</summary>
internal static class BadRecipes
{
    public const string Recipe = """
        suite: trixie
        architecture: amd64
        components: [main]
        keyring: keys/archive.gpg
        bootstrap: mmdebstrap
        init: sysvinit
        packages: [udev, python3]
        without: [docs]
        overlays: [base]
        hypervisor: { package: xen-hypervisor-4.20-amd64, tools: [xen-utils-4.20] }
        kernels:
          xen-generic: { source: linux-source-6.12, fragments: [base, xen-dom0, nic/intel] }
        flash:
          size: 64M
          paths:
            /tmp: { mode: 1777 }
            /var/log: { start: tree }
            /var/log/wtmp: { kind: file, mode: "0664", group: utmp }
            /etc/ssh: { start: content }
            /etc/mtab: { kind: symlink, target: /proc/mounts }

        """;

    public const string Site = """
        boot-server: 192.168.0.5
        subnets:
          - network: 192.168.0.0/24
            router: 192.168.0.1
            range: 192.168.0.200-192.168.0.250
        profiles:
          dom0: { title: Xen, dom0-memory: "512M,max:512M", kernel-options: [noapic] }
          plain: { title: Plain, xen: false, serial: { port: 0 } }
        default-profile: dom0
        hosts:
          post01: { mac: 00:11:22:33:44:55, address: 192.168.0.101, profile: dom0 }
          post02: { mac: 00-11-22-33-44-56, address: 192.168.0.102, profile: plain }
        root-login:
          password: locked
        menu-timeout: 2

        """;

    /// <summary>Replacements in the recipe: what, by what, and the message without the file's name. A schema tells most of them too.</summary>
    public static readonly (string Piece, string Bad, string Message, bool SchemaTells)[] InRecipe =
    [
        ("suite: trixie", "siute: trixie", "1:1: 'siute' is no key of a recipe; expected 'suite'. Did you mean 'suite'?", true),
        ("suite: trixie", "suite: trixi", "1:8: 'trixi' is no Debian suite; expected one of etch, lenny, squeeze, wheezy, jessie, stretch, buster, bullseye, bookworm, trixie, forky, sid. Did you mean 'trixie'?", true),
        ("suite: trixie", "suite: stable", "1:8: 'stable' is no Debian suite; expected one of etch, lenny, squeeze, wheezy, jessie, stretch, buster, bullseye, bookworm, trixie, forky, sid. Name the release itself: what this word means changes with every release.", true),
        ("suite: trixie", "suite:", "1:7: the value of 'suite' is missing; expected one of etch,", true),
        ("suite: trixie\n", "", "1:1: the key 'suite' is missing; expected one of etch,", true),
        ("architecture: amd64", "architecture: i386", "2:15: 'i386' is not built for trixie; expected amd64 (i386 for etch only)", false),
        ("architecture: amd64", "archives: [trixie-updates]", "2:11: 'trixie-updates' comes first in 'archives'; expected 'trixie', the suite, first", false),
        ("architecture: amd64", "archives: [trixie, bookworm-updates]", "2:11: archive suite 'bookworm-updates' does not belong to trixie; expected trixie or one of its own, such as trixie-updates", false),
        ("without: [docs]", "microcode: amd", "8:12: 'microcode' is a single value; expected a list of processors' vendors with at least 1 item", true),
        ("without: [docs]", "microcode: [amd, via]", "8:18: 'via' is no vendor of processors; expected one of amd, intel", true),
        ("without: [docs]", "microcode: [amd, amd]", "8:18: 'amd' is in 'microcode' twice", true),
        ("without: [docs]", "microcode: []", "8:12: 'microcode' is empty; expected a list of processors' vendors with at least 1 item", true),
        ("suite: trixie", "suite: Debian 13", "1:8: 'Debian 13' is no Debian suite; expected one of etch, lenny, squeeze, wheezy, jessie, stretch, buster, bullseye, bookworm, trixie, forky, sid. Write 'trixie'.", true),
        ("architecture: amd64", "architecture: x86_64", "2:15: 'x86_64' is no architecture; expected one of amd64, i386. Write 'amd64'.", true),
        ("init: sysvinit", "init: sysv", "6:7: 'sysv' is no init system; expected one of sysvinit, systemd. Write 'sysvinit'.", true),
        ("source: linux-source-6.12", "source: 6.12", "12:26: '6.12' is no kernel source package; expected a kernel source package such as linux-source-6.12. Write 'linux-source-6.12'.", true),
        ("group: utmp", "group: \"utmp/x\"", "18:55: 'utmp/x' is no user or group; expected a user or group by name or number such as root", true),
        ("components: [main]", "components: main", "3:13: 'components' is a single value; expected a list of archive components with at least 1 item", true),
        ("components: [main]", "components: []", "3:13: 'components' is empty; expected a list of archive components with at least 1 item", true),
        ("init: sysvinit", "suite: trixie", "6:1: 'suite' is here twice; expected each key once (the first is in line 1)", false),
        ("init: sysvinit", "init: [sysvinit]", "6:7: 'init' is a list; expected one of sysvinit, systemd", true),
        ("init: sysvinit", "mirrors: [{ uri: mirror.example.org/debian, suites: [trixie] }]", "6:18: 'mirror.example.org/debian' is no mirror URI; expected a mirror URI (http, https, file or copy, without user name or password) such as http://mirror.example.org/debian. It begins with http://, https://, file:/ or copy:/.", true),
        ("init: sysvinit", "mirrors: [{ uri: http://mirror.example.org/debian, suites: [trixie-updates] }]", "6:10: no mirror has the archive suite 'trixie'; expected 'trixie' in the 'suites' of one of the mirrors", false),
        ("without: [docs]", "may-fail: { smartd.service: no disk }", "8:13: 'smartd.service' is no service name; expected a service name, as its init script or unit is called, such as smartmontools. Leave '.service' out.", true),
        ("without: [docs]", "may-fail: [smartd]", "8:11: 'may-fail' is a list; expected a mapping: services with the reason why each may fail", true),
        ("without: [docs]", "may-fail: { smartd: \" \" }", "8:21: ' ' is no reason; expected a reason in words, on one line of up to 200 characters, such as no disk here", true),
        ("packages: [udev", "packages: [udev, udev", "7:18: 'udev' is in 'packages' twice; expected each item once (the first is in line 7)", true),
        ("packages: [udev", "packages: [--purge", "7:12: '--purge' is no package name; expected a package name such as xen-utils-4.20", true),
        ("packages: [udev", "packages: [udev-", "7:12: 'udev-' is no package name; expected a package name such as xen-utils-4.20. To have no 'udev', leave it out: packages are listed, never taken away.", true),
        ("packages: [udev", "packages: [udev=257", "7:12: 'udev=257' is no package name; expected a package name such as xen-utils-4.20. Write 'udev': the archives decide version and architecture.", true),
        ("packages: [udev", "packages: [~", "7:12: the value of 'packages[0]' is missing; expected a package name such as xen-utils-4.20", true),
        ("overlays: [base]", "overlays: [../base]", "9:12: '../base' is no name; expected a name of letters, digits and . _ + - such as xen-generic", true),
        (", tools: [xen-utils-4.20]", "", "10:13: the key 'tools' is missing in 'hypervisor'; expected a list of package names with at least 1 item", true),
        ("nic/intel", "nic/intel.config", "12:73: 'nic/intel.config' is no fragment name; expected a fragment name such as nic/intel. Leave '.config' out.", true),
        ("nic/intel", "../../etc/passwd", "12:73: '../../etc/passwd' is no fragment name; expected a fragment name such as nic/intel", true),
        ("xen-generic:", "xen generic:", "12:3: 'xen generic' is no name; expected a name of letters, digits and . _ + - such as xen-generic", true),
        ("size: 64M", "size: 64MB", "14:9: '64MB' is no size; expected a size in bytes, or with K, M or G (of 1024) such as 64M. Write '64M'.", true),
        ("size: 64M", "size: 1.5 GiB", "14:9: '1.5 GiB' is no size; expected a size in bytes, or with K, M or G (of 1024) such as 64M. Write '1536M'.", true),
        ("size: 64M", "size: 0", "14:9: '0' is no size; expected a size in bytes, or with K, M or G (of 1024) such as 64M", false),
        ("mode: 1777", "mode: 1778", "16:19: '1778' is no octal mode; expected an octal mode such as 0755", false),
        ("mode: 1777", "mode: drwxr-x---", "16:19: 'drwxr-x---' is no octal mode; expected an octal mode such as 0755. Write '0750'.", true),
        ("mode: 1777", "mode: 0o750", "16:19: '0o750' is no octal mode; expected an octal mode such as 0755. Write '0750'.", true),
        ("mode: 1777", "mode: u=rwx", "16:19: 'u=rwx' is no octal mode; expected an octal mode such as 0755", true),
        ("mode: 1777", "mode: 0777", "16:5: everyone could delete what others put in '/tmp' (mode 0777); expected the sticky bit too: mode 1777", false),
        ("mode: 1777", "moed: 1777", "16:13: 'moed' is no key of a writable path; expected 'mode'. Did you mean 'mode'?", true),
        ("/tmp:", "/:", "16:5: '/' is no path in the image; expected a path in the image (absolute, of letters, digits and @ _ . + : -, without a slash at its end) such as /var/log. The root itself stays read-only; list the directories below it that must be writable.", true),
        ("/tmp:", "tmp:", "16:5: 'tmp' is no path in the image; expected a path in the image (absolute, of letters, digits and @ _ . + : -, without a slash at its end) such as /var/log. It begins with '/': '/tmp'.", true),
        ("/tmp:", "/tmp/:", "16:5: '/tmp/' is no path in the image; expected a path in the image (absolute, of letters, digits and @ _ . + : -, without a slash at its end) such as /var/log. Write '/tmp'.", true),
        ("/tmp:", "/tmp/../x:", "16:5: '/tmp/../x' is not normalised: '.' and '..' have no place in it; expected a path in the image (absolute, of letters, digits and @ _ . + : -, without a slash at its end) such as /var/log. Write '/x'.", false),
        ("/tmp:", "/var/log:", "17:5: '/var/log' is here twice; expected each key once (the first is in line 16)", false),
        ("/tmp:", "/etc:", "16:5: the image cannot give up '/etc': /etc/inittab, which is below it, is read by init before the RAM tree stands;", false),
        ("/tmp:", "/etc/shadow:", "16:5: the image cannot give up '/etc/shadow': /etc/shadow holds the passwords, alike on every client;", false),
        ("/tmp:", "/flash/x:", "16:5: the image cannot give up '/flash/x': /flash is where the RAM tree itself stands;", false),
        ("/tmp:", "/lib/modules:", "16:5: the image cannot give up '/lib/modules': /lib holds libraries and kernel modules", false),
        ("/var/log/wtmp: { kind: file, mode: \"0664\", group: utmp }", "/var/log/x: {}", "18:5: '/var/log/x' contradicts '/var/log' (line 17), which starts with all directories of the image, those below this too; expected start: tree here, or a '/var/log' that starts empty", false),
        ("/var/log/wtmp: { kind: file, mode: \"0664\", group: utmp }", "/etc/ssh/x: {}", "18:5: '/etc/ssh/x' contradicts '/etc/ssh' (line 19), which starts with all of its content, this below it too; expected start: content here, or a '/etc/ssh' that starts empty", false),
        ("/var/log/wtmp: { kind: file, mode: \"0664\", group: utmp }", "/etc/mtab/x: {}", "18:5: '/etc/mtab/x' contradicts '/etc/mtab' (line 20), which is a symlink and can hold nothing; expected '/etc/mtab' to be a directory, or nothing below it", false),
        ("kind: file, mode: \"0664\"", "kind: file, start: tree", "18:5: '/var/log/wtmp' is a file and cannot start as a tree; expected start: empty or content", false),
        ("kind: file, mode: \"0664\"", "kind: file, mode: 4755", "18:5: '/var/log/wtmp' is a writable file with set-id or sticky bits (mode 4755); expected mode 0755", false),
        ("group: utmp", "owner: \"root:utmp\"", "18:55: 'root:utmp' is no user or group; expected a user or group by name or number such as root. User and group are keys of their own: 'owner' and 'group'.", true),
        (", target: /proc/mounts", "", "20:5: the key 'target' is missing where 'kind' is symlink;", true),
        ("kind: symlink, target", "kind: file, target", "20:38: 'target' means nothing where 'kind' is file. Leave 'target' out.", true),
        ("kind: symlink, target", "kind: symlnk, target", "20:24: 'symlnk' is no kind of path; expected one of directory, file, symlink. Did you mean 'symlink'?", true),
    ];

    /// <summary>Replacements in the site.</summary>
    public static readonly (string Piece, string Bad, string Message, bool SchemaTells)[] InSite =
    [
        ("boot-server: 192.168.0.5", "boot-server: 192.168.0.256", "1:14: '192.168.0.256' is no IPv4 address; expected an IPv4 address such as 192.168.0.5", true),
        ("boot-server: 192.168.0.5", "boot-server: 192.168.5", "1:14: '192.168.5' is no IPv4 address; expected an IPv4 address such as 192.168.0.5", true),
        ("boot-server: 192.168.0.5", "boot-server: 192.168.000.005", "1:14: '192.168.000.005' is no IPv4 address; expected an IPv4 address such as 192.168.0.5. Write '192.168.0.5'.", true),
        ("boot-server: 192.168.0.5", "boot-server: server", "1:14: 'server' is no IPv4 address; expected an IPv4 address such as 192.168.0.5. Names are not looked up: write the address.", true),
        ("boot-server: 192.168.0.5", "boot-server: fe80::1", "1:14: 'fe80::1' is no IPv4 address; expected an IPv4 address such as 192.168.0.5. The boot loaders speak IPv4 only.", true),
        ("boot-server: 192.168.0.5", "boot-server: 192.168.0.255", "1:14: 192.168.0.255 names the subnet 192.168.0.0/24 or all of its hosts; expected an address of a host in 192.168.0.0/24", false),
        ("boot-server: 192.168.0.5", "boot_server: 192.168.0.5", "1:1: 'boot_server' is no key of a site; expected 'boot-server'. Did you mean 'boot-server'?", true),
        ("192.168.0.0/24", "192.168.0.0", "3:14: '192.168.0.0' is no IPv4 network; expected an IPv4 network with a prefix of 8 to 30 bits such as 192.168.0.0/24. Write '192.168.0.0/24' if all of its hosts have the first three numbers in common.", true),
        ("192.168.0.0/24", "192.168.0.0/255.255.255.0", "3:14: '192.168.0.0/255.255.255.0' is no IPv4 network; expected an IPv4 network with a prefix of 8 to 30 bits such as 192.168.0.0/24. Write '192.168.0.0/24'.", true),
        ("192.168.0.0/24", "192.168.0 netmask 255.255.255.128", "3:14: '192.168.0 netmask 255.255.255.128' is no IPv4 network; expected an IPv4 network with a prefix of 8 to 30 bits such as 192.168.0.0/24. Write '192.168.0.0/25'.", true),
        ("192.168.0.200-192.168.0.250", "192.168.0.200-250", "5:12: '192.168.0.200-250' is no range of addresses; expected a range of addresses such as 192.168.0.200-192.168.0.250. Write '192.168.0.200-192.168.0.250'.", true),
        ("192.168.0.200-192.168.0.250", "192.168.0.200 192.168.0.250", "5:12: '192.168.0.200 192.168.0.250' is no range of addresses; expected a range of addresses such as 192.168.0.200-192.168.0.250. Write '192.168.0.200-192.168.0.250'.", true),
        ("192.168.0.0/24", "192.168.0.9/24", "3:14: '192.168.0.9/24' has bits set beyond its prefix; expected an IPv4 network with a prefix of 8 to 30 bits such as 192.168.0.0/24. Did you mean 192.168.0.0/24?", false),
        ("router: 192.168.0.1", "router: 10.0.0.1", "4:13: the router 10.0.0.1 is outside 192.168.0.0/24; expected an address of a host in 192.168.0.0/24", false),
        ("192.168.0.200-192.168.0.250", "192.168.0.250-192.168.0.200", "5:12: '192.168.0.250-192.168.0.200' ends before it begins;", false),
        ("192.168.0.200-192.168.0.250", "192.168.0.4-192.168.0.9", "5:12: the range 192.168.0.4-192.168.0.9 holds 192.168.0.5, the address of the boot server; expected a range without it:", false),
        ("192.168.0.200-192.168.0.250", "192.168.0.1-192.168.0.4", "5:12: the range 192.168.0.1-192.168.0.4 holds 192.168.0.1, the address of a router; expected a range without it:", false),
        ("    range:", "    name-servers: [192.168.0.1, 192.168.0.210]\n    range:", "6:12: the range 192.168.0.200-192.168.0.250 holds 192.168.0.210, the address of a name server; expected a range without it:", false),
        ("subnets:", "daily: { server: 192.168.0.250, title: Day, kernel: /k }\nsubnets:", "6:12: the range 192.168.0.200-192.168.0.250 holds 192.168.0.250, the address of the daily server; expected a range without it:", false),
        ("boot-server: 192.168.0.5\nsubnets:\n  - network: 192.168.0.0/24\n    router: 192.168.0.1", "boot-server: 192.168.0.5\ndaily: { server: 10.0.0.9, title: Day, kernel: /k }\nsubnets:\n  - network: 192.168.0.0/24", "4:3: hosts of 192.168.0.0/24 cannot reach the daily server 10.0.0.9; expected a 'router' for the subnet, or a daily server inside it", false),
        ("192.168.0.200-192.168.0.250", "192.168.0.100-192.168.0.101", "11:46: 192.168.0.101 is in the range for hosts that are not listed; expected an address outside 192.168.0.100-192.168.0.101", false),
        ("title: Xen", "title: \"a$b\"", "7:18: 'a$b' is no menu title;", true),
        ("[noapic]", "[noapic quiet]", "7:70: 'noapic quiet' is no boot option; expected a boot option, one word without quotes, such as via-rhine.avoid_D3=1. Give each option as an item of its own.", true),
        ("[noapic]", "[nfsroot=/x]", "7:70: 'nfsroot=/x' is written by the menu itself;", false),
        ("\"512M,max:512M\"", "lots", "7:36: 'lots' is no dom0 memory; expected a dom0 memory as Xen's dom0_mem takes it, such as 512M,max:512M", true),
        ("xen: false", "xen: no", "8:31: 'no' is neither true nor false; expected true or false, without quotes. Write false.", true),
        ("xen: false", "xen: false, dom0-memory: 512M", "8:51: 'dom0-memory' means nothing where 'xen' is false. Leave 'dom0-memory' out.", true),
        ("port: 0", "port: \"0\"", "8:54: '0' is no port; expected one of 0, 1, without quotes", true),
        ("port: 0", "port: 2", "8:54: '2' is no port; expected one of 0, 1, without quotes", true),
        ("port: 0", "speed: 230400", "8:55: '230400' is no speed; expected one of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, without quotes", true),
        ("default-profile: dom0", "default-profile: dmo0", "9:18: there is no profile 'dmo0'; expected one of dom0, plain. Did you mean 'dom0'?", false),
        ("    range: 192.168.0.200-192.168.0.250\n", "", "8:18: hosts that are not listed would be offered a menu, but no subnet has an address for them; expected a 'range' in a subnet, or no 'default-profile'", false),
        ("post01:", "Post_01:", "11:3: 'Post_01' is no host name; expected a host name of one label in lower case (no domain) such as post01. Write 'post-01'.", true),
        ("post01:", "post01.example.org:", "11:3: 'post01.example.org' is no host name; expected a host name of one label in lower case (no domain) such as post01. The domain belongs to the subnet's 'domain'.", true),
        ("post01:", "plain:", "11:3: 'plain' is the name of a host and of a profile; expected different names: both name a menu's file", false),
        ("post01:", "default:", "11:3: a host cannot be named 'default'; expected another name: the menu of hosts that are not listed has it", false),
        ("plain: { title", "default: { title: Other }\n  plain: { title", "8:3: hosts that are not listed would boot a profile named 'default', but it is not the default profile; expected another name for it, or 'default-profile: default'", false),
        ("00:11:22:33:44:55", "00:11:22:33:44", "11:18: '00:11:22:33:44' is no MAC address; expected a MAC address of six pairs of hex digits such as 52:54:00:12:34:56", true),
        ("00:11:22:33:44:55", "0:a:59:2:37:1b", "11:18: '0:a:59:2:37:1b' is no MAC address; expected a MAC address of six pairs of hex digits such as 52:54:00:12:34:56. Write '00:0a:59:02:37:1b'.", true),
        ("00:11:22:33:44:55", "000A.5902.371B", "11:18: '000A.5902.371B' is no MAC address; expected a MAC address of six pairs of hex digits such as 52:54:00:12:34:56. Write '00:0a:59:02:37:1b'.", true),
        ("00:11:22:33:44:55", "ether 000a5902371b", "11:18: 'ether 000a5902371b' is no MAC address; expected a MAC address of six pairs of hex digits such as 52:54:00:12:34:56. Write '00:0a:59:02:37:1b'.", true),
        ("00:11:22:33:44:55", "01:11:22:33:44:55", "11:18: '01:11:22:33:44:55' is a multicast address: no NIC has it;", false),
        ("00:11:22:33:44:55", "00:11:22:33:44:56", "12:18: this is the MAC address of host 'post01'; expected a NIC of its own", false),
        ("00:11:22:33:44:55", "[00:11:22:33:44:54, 00:11:22:33:44:56]", "12:18: this is the MAC address of host 'post01'; expected a NIC of its own", false),
        ("00:11:22:33:44:55", "[00:11:22:33:44:54, 00-11-22-33-44-54]", "11:38: this is a MAC address that host 'post01' has already; expected a NIC of its own", false),
        ("00:11:22:33:44:55", "[00:11:22:33:44:54, 00:11:22:33:44]", "11:38: '00:11:22:33:44' is no MAC address;", true),
        ("00:11:22:33:44:55", "[]", "11:18: 'hosts.post01.mac' is empty; expected a list of MAC addresses with at least 1 item", true),
        ("profile: dom0 }", "profile: dom0, interface: enp2s0 }", "11:87: 'enp2s0' is no interface; expected an interface by the kernel's own name such as eth0. udev is not there yet: the kernel counts eth0, eth1, ...", true),
        ("192.168.0.101", "192.168.0.5", "11:46: 192.168.0.5 is the address of the boot server; expected an address of its own", false),
        ("192.168.0.101", "192.168.1.101", "11:46: 192.168.1.101 is in no subnet; expected an address in 192.168.0.0/24", false),
        ("192.168.0.101, profile: dom0", "192.168.0.101, profile: dom", "11:70: there is no profile 'dom'; expected one of dom0, plain. Did you mean 'dom0'?", false),
        ("192.168.0.101, profile: dom0", "192.168.0.101, profile: dom0, dom0-by-default: true", "11:93: host 'post01' says 'dom0-by-default', but there is no daily server.", false),
        ("password: locked", "password: geheim", "14:13: the value of 'root-login.password' is no setting for root's password; expected 'locked'. Make one with 'openssl passwd -6'", true),
        ("password: locked", "password-hash: geheim", "14:18: the value of 'root-login.password-hash' is no crypt(3) password hash; expected a crypt(3) password hash such as $6$SALT$HASH. Make one with 'openssl passwd -6'", true),
        ("password: locked", "password-hash-file: not-there", "14:23: 'not-there' cannot be read:", false),
        ("password: locked", "authorized-keys: [\"-----BEGIN OPENSSH PRIVATE KEY-----\"]", "14:21: the value of 'root-login.authorized-keys[0]' is no public SSH key;", true),
        ("password: locked", "password: locked\n  empty-password: allowed", "15:19: 'empty-password' and 'password' exclude each other; expected only one of password-hash, password-hash-file, password, empty-password", true),
        ("root-login:\n  password: locked", "root-login: {}", "13:13: the site does not say how root logs in; expected one of password-hash,", true),
        ("menu-timeout: 2", "imgs: rw", "15:7: 'rw' is no way to export the images of domUs; expected one of read-write, read-only, none. Write read-write.", true),
        ("menu-timeout: 2", "nfs-server: nfsd", "15:13: 'nfsd' is no NFS server; expected one of ganesha, kernel", true),
        ("menu-timeout: 2", "publish: always", "15:10: 'always' is no way to publish; expected one of auto, by-hand", true),
        ("menu-timeout: 2", "publish: manual", "15:10: 'manual' is no way to publish; expected one of auto, by-hand. Write by-hand.", true),
        ("menu-timeout: 2", "on-failure: mail root", "15:13: 'on-failure' is a single value; expected a list of words (a program and its arguments; no shell reads them) with at least 1 item", true),
        ("menu-timeout: 2", "on-failure: [./tell-me]", "15:13: './tell-me' depends on where the build is started; expected an absolute path, or a program's name alone", false),
        ("menu-timeout: 2", "on-failure: [mail root]", "15:13: 'mail root' is one word, and no program; expected a list with the program first and each argument after it", false),
        ("menu-timeout: 2", "export-to: hosts", "15:12: hosts that are not listed would be offered a menu, but not the root that it names; expected 'export-to: subnets', or no 'default-profile'", false),
        ("menu-timeout: 2", "shared-file-system: accepted", "15:21: 'shared-file-system' is a single value; expected acceptance as a mapping with the keys accepted", true),
        ("menu-timeout: 2", "shared-file-system: { accepted: 192.168.0.6 }", "15:21: the shared file system is accepted for 192.168.0.6, which is not the boot server; expected 192.168.0.5, or no acceptance.", false),
        ("menu-timeout: 2", "storage: { generations: { size: 100M } }", "15:33: this is too small for a file system with a generation in it; expected 512M or more", false),
        ("menu-timeout: 2", "storage: { generations: { size: 8G, device: /dev/vdb } }", "15:45: 'device' and 'size' exclude each other; expected only one of size, device, dataset", true),
        ("menu-timeout: 2", "storage: { imgs: { sparse: true, dataset: tank/imgs } }", "15:43: 'dataset' and 'sparse' exclude each other; expected only one of sparse, device, dataset", true),
        ("menu-timeout: 2", "storage: { imgs: { device: /srv/imgs.img } }", "15:28: '/srv/imgs.img' is no block device; expected a block device, with a file system of its own on it, such as /dev/vg0/generations", true),
        ("menu-timeout: 2", "imgs: none\nstorage: { imgs: { size: 1G } }", "16:18: images of domUs are not exported, but there is storage for them. Leave it out.", false),
        ("menu-timeout: 2", "menu-timeout: 02", "15:15: '02' is not a number of seconds from 0 to 3600; expected a whole number, without quotes", false),
        ("menu-timeout: 2", "menu-password: geheim", "15:1: 'menu-password' is not taken here. A plain password does not belong in a file:", true),
        ("menu-timeout: 2", "menu-password-hash: geheim", "15:21: the value of 'menu-password-hash' is no GRUB password hash; expected a GRUB password hash such as grub.pbkdf2.sha512.10000.SALT.HASH. Make one with 'grub-mkpasswd-pbkdf2'", true),
    ];
}
