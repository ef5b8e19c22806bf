using System.Collections.Immutable;
using System.Net;
using Dom0Image.Boot;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

/// <summary>Sites and generations to make boot files of.</summary>
internal static class Sites
{
    /// <summary>The hash of a password that nobody uses.</summary>
    public static readonly MenuPasswordHash Hash = MenuPasswordHash.Parse($"grub.pbkdf2.sha512.10000.{new string('A', 128)}.{new string('B', 128)}");

    public static readonly GenerationBoot Generation = new(
        "trixie-0123456789ab",
        [new BootKernel("xen-pIV-rltk", "kernel-6.12-xen-pIV-rltk"), new BootKernel("xen-e1000", "kernel-6.12-xen-e1000")],
        "xen-4.20.gz");

    public static readonly BootProfile Dom0 = new("dom0", "Dom0 - NFS", null, Xen: true, BootOption.Parse("dom0_mem=512M,max:512M"), [], []);

    public static readonly BootProfile Plain = new("plain", "Linux without Xen", null, Xen: false, null, Options("noapic", "via-rhine.avoid_D3=1"), []);

    /// <summary>One boot server; <c>post01</c> boots the profile's kernel, <c>post02</c> one of its own.</summary>
    public static Site OneServer() => new()
    {
        Name = "lab",
        File = "recipes/sites/lab.yaml",
        BootServer = IPAddress.Parse("192.168.0.5"),
        Subnets =
        [
            new Subnet(IPNetwork.Parse("192.168.0.0/24"), IPAddress.Parse("192.168.0.1"), [IPAddress.Parse("192.168.0.1")], "lab.example.org",
                new AddressRange(IPAddress.Parse("192.168.0.200"), IPAddress.Parse("192.168.0.220"))),
        ],
        Hosts =
        [
            new BootHost("post01", MacAddress.Parse("52-54-00-12-34-01"), IPAddress.Parse("192.168.0.101"), "dom0"),
            new BootHost("post02", MacAddress.Parse("52-54-00-12-34-02"), IPAddress.Parse("192.168.0.102"), "dom0") { Flavour = "xen-e1000" },
            new BootHost("post03", MacAddress.Parse("52-54-00-12-34-03"), IPAddress.Parse("192.168.0.103"), "plain"),
        ],
        Profiles = [Dom0, Plain],
        DefaultProfile = "dom0",
        MenuPasswordHash = Hash,
        RootLogin = new RootLogin(null, [], EmptyPasswordAllowed: true),
    };

    /// <summary>The Howto's two servers; <c>post02</c> is dom0 unless somebody chooses otherwise.</summary>
    public static Site TwoServers()
    {
        var one = OneServer();
        return one with
        {
            Daily = new DailyServer(IPAddress.Parse("192.168.0.100"), "Infolab terminal", "/kernel/ltsp", "/initrd/ltsp.gz", Options("rw", "root=/dev/ram0")),
            Hosts = [one.Hosts[0], one.Hosts[1] with { Dom0ByDefault = true }, one.Hosts[2]],
        };
    }

    public static ImmutableArray<BootOption> Options(params string[] words) => [.. words.Select(BootOption.Parse)];

    public static BootFileSet Files(Site site) => BootFiles.Generate(site, Generation);

    /// <summary>A menu as a client that asks for this path gets it: links are followed.</summary>
    public static string Menu(BootFileSet set, string path) => set.Menus[path] switch
    {
        BootText text => text.Content,
        BootLink link => Menu(set, Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(path)!, link.Target)))),
        _ => throw new InvalidOperationException(),
    };
}
