using System.Collections.Immutable;
using System.Net;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What a site's file may say, declared once for the reader and the schema.</summary>
internal static class SiteModel
{
    internal static readonly Field<IPAddress> BootServer = Field<IPAddress>.Needed(
        "boot-server", Scalars.Address, "Address of the boot server: TFTP and NFS.");

    internal static readonly Field<IPNetwork> Network = Field<IPNetwork>.Needed(
        "network", Scalars.Network, "The subnet, with its prefix length.");

    internal static readonly Field<IPAddress?> Router = Field<IPAddress?>.Optional("router", Scalars.Address!, null, "Default gateway of the clients.");

    internal static readonly Field<AddressRange?> Range = Field<AddressRange?>.Optional(
        "range", Scalars.Range!, null, "First and last address for hosts that are not listed. Without it they get none.");

    private static readonly Field<ImmutableArray<IPAddress>> NameServers = Field<ImmutableArray<IPAddress>>.Optional(
        "name-servers", new ListShape<IPAddress>("IPv4 addresses", Scalars.Address), [], "DNS servers of the clients.");

    private static readonly Field<string?> Domain = Field<string?>.Optional("domain", Scalars.Domain!, null, "DNS domain of the clients.");

    internal static readonly Field<ImmutableArray<Subnet>> Subnets = Field<ImmutableArray<Subnet>>.Needed(
        "subnets",
        new ListShape<Subnet>("subnets", new ObjectShape<Subnet>("a subnet", [Network, Router, NameServers, Domain, Range],
            f => new Subnet(f.Get(Network), f.Get(Router), f.Get(NameServers), f.Get(Domain), f.Get(Range)) { RangeWhere = f.WhereOf(Range) })
        {
            Rules = [new Checked(SiteCheck.Subnet)],
        }, 1),
        "Subnets that are served.", []);

    private static readonly Field<IPAddress> DailyAddress = Field<IPAddress>.Needed("server", Scalars.Address, "Its TFTP address.");

    private static readonly Field<string> DailyTitle = Field<string>.Needed("title", Scalars.Title, "Title of its entry.");

    private static readonly Field<string> DailyKernel = Field<string>.Needed("kernel", Scalars.TftpPath, "Path of its kernel in its TFTP area.");

    private static readonly Field<string?> DailyInitrd = Field<string?>.Optional("initrd", Scalars.TftpPath!, null, "Path of its initial RAM disk.");

    private static readonly Field<ImmutableArray<BootOption>> DailyOptions = Field<ImmutableArray<BootOption>>.Optional(
        "kernel-options", new ListShape<BootOption>("boot options", BootOption.Any), [], "Its kernel's command line.");

    internal static readonly Field<DailyServer?> Daily = Field<DailyServer?>.Optional(
        "daily",
        new ObjectShape<DailyServer?>("a daily server", [DailyAddress, DailyTitle, DailyKernel, DailyInitrd, DailyOptions],
            f => new DailyServer(f.Get(DailyAddress), f.Get(DailyTitle), f.Get(DailyKernel), f.Get(DailyInitrd), f.Get(DailyOptions))),
        null, "The machine that clients ask first, with the entry of the day; leave it out when the boot server is the only one.");

    private static readonly Field<string> ProfileTitle = Field<string>.Needed("title", Scalars.Title, "Title of its menu entry.");

    private static readonly Field<string?> Flavour = Field<string?>.Optional(
        "flavour", Scalars.Name!, null, "Kernel flavour of the recipe. Default: the recipe's first that fits.");

    private static readonly Field<bool> Xen = Field<bool>.Optional("xen", new BooleanShape(), true, "Whether the kernel runs under the hypervisor. Default: true.");

    private static readonly Field<BootOption?> Dom0Memory = Field<BootOption?>.Optional(
        "dom0-memory",
        new ScalarShape<BootOption?>("dom0 memory", "512M,max:512M", "^((min|max):)?-?[0-9]+[BKMGbkmg%]?(,((min|max):)?-?[0-9]+[BKMGbkmg%]?){0,2}$", text => BootOption.Parse($"dom0_mem={text}"))
        {
            MayBeNumber = true,
            Details = " as Xen's dom0_mem takes it,",
        }, null, "Memory of dom0, as Xen's dom0_mem takes it. Default: Xen's own.");

    private static readonly Field<ImmutableArray<BootOption>> KernelOptions = Field<ImmutableArray<BootOption>>.Optional(
        "kernel-options", new ListShape<BootOption>("boot options", BootOption.OfProfile), [], "Added to the kernel's command line, such as noapic.");

    private static readonly Field<ImmutableArray<BootOption>> XenOptions = Field<ImmutableArray<BootOption>>.Optional(
        "xen-options", new ListShape<BootOption>("boot options", BootOption.OfProfile), [], "Added to the hypervisor's command line.");

    private static readonly Field<int> SerialPort = Field<int>.Optional("port", new NumberShape("port", [.. SerialLine.Ports]), SerialLine.Usual.Port, "0 is ttyS0, COM1. Default: 0.");

    private static readonly Field<int> SerialSpeed = Field<int>.Optional("speed", new NumberShape("speed", [.. SerialLine.Speeds]), SerialLine.Usual.Speed, "Bits per second. Default: 115200.");

    private static readonly Field<SerialLine?> Serial = Field<SerialLine?>.Optional(
        "serial", new ObjectShape<SerialLine?>("a serial console", [SerialPort, SerialSpeed], f => SerialLine.Of(f.Get(SerialPort), f.Get(SerialSpeed))), null,
        "A serial console for the menu, Xen and the kernel, besides the screen.");

    internal static readonly Field<ImmutableArray<BootProfile>> Profiles = Field<ImmutableArray<BootProfile>>.Needed(
        "profiles",
        new MapShape<BootProfile>("boot profiles by name", Scalars.Name, new ObjectShape<BootProfile>(
            "a boot profile",
            [ProfileTitle, Flavour, Xen, Dom0Memory, KernelOptions, XenOptions, Serial],
            f => new BootProfile(f.Name, f.Get(ProfileTitle), f.Get(Flavour), f.Get(Xen), f.Get(Dom0Memory), f.Get(KernelOptions), f.Get(XenOptions)) { Serial = f.Get(Serial), Where = f.Where })
        {
            Rules = [new When<bool>(Xen, false, "false", [], [Dom0Memory, XenOptions])],
        }, 1),
        "What a host can do when it boots, by name.", []);

    internal static readonly Field<string?> DefaultProfile = Field<string?>.Optional(
        "default-profile", Scalars.Name!, null, "Profile of hosts that are not listed. Without it they are offered nothing.");

    internal static readonly Field<ImmutableArray<MacAddress>> Macs = Field<ImmutableArray<MacAddress>>.Needed(
        "mac", new OneOrMoreShape<MacAddress>("MAC addresses", MacAddress.Shape), "Address of the NIC that boots, or a list of those that may.", []);

    internal static readonly Field<string?> Interface = Field<string?>.Optional(
        "interface", Scalars.Interface!, null, "The interface that the root comes over, as the kernel names it before udev. Default: the one whose DHCP answers first, which must have the NIC that the menu came over.");

    internal static readonly Field<IPAddress> HostAddress = Field<IPAddress>.Needed("address", Scalars.Address, "The host's fixed address.");

    internal static readonly Field<string> HostProfile = Field<string>.Needed("profile", Scalars.Name, "What it boots: the name of a profile.");

    private static readonly Field<string?> HostFlavour = Field<string?>.Optional("flavour", Scalars.Name!, null, "Kernel flavour in place of the profile's.");

    internal static readonly Field<bool> Dom0ByDefault = Field<bool>.Optional(
        "dom0-by-default", new BooleanShape(), false, "Whether it boots as dom0 when nobody chooses, in place of the entry of the day. Default: false.");

    internal static readonly Field<ImmutableArray<BootHost>> Hosts = Field<ImmutableArray<BootHost>>.Optional(
        "hosts",
        new MapShape<BootHost>("hosts by name", Scalars.HostName, new ObjectShape<BootHost>(
            "a host",
            [Macs, Interface, HostAddress, HostProfile, HostFlavour, Dom0ByDefault],
            f => new BootHost(f.Name, f.Get(Macs)[0], f.Get(HostAddress), f.Get(HostProfile))
            {
                OtherMacs = f.Get(Macs)[1..],
                Interface = f.Get(Interface),
                Flavour = f.Get(HostFlavour),
                Dom0ByDefault = f.Get(Dom0ByDefault),
                Where = f.Where,
            })),
        [],
        "Hosts, by name.");

    private static readonly Field<Uri> MirrorDebian = Field<Uri>.Needed("debian", Scalars.MirrorUri, "The archive itself.");

    private static readonly Field<Uri?> MirrorSecurity = Field<Uri?>.Optional("security", Scalars.MirrorUri!, null, "The archive of security updates.");

    private static readonly Field<DebianMirrors?> Mirror = Field<DebianMirrors?>.Optional(
        "mirror", new ObjectShape<DebianMirrors?>("a mirror", [MirrorDebian, MirrorSecurity], f => new DebianMirrors(f.Get(MirrorDebian), f.Get(MirrorSecurity))), null,
        "The site's mirror of the Debian archive, for recipes that name none. Default: the one that the build machine's apt uses.");

    private static readonly Field<int> MenuTimeout = Field<int>.Optional("menu-timeout", new IntegerShape("a number of seconds", 0, 3600), 2, "Seconds that menus wait. Default: 2.");

    /// <summary>The model for the file <paramref name="file"/>.</summary>
    public static ObjectShape<Site> For(string file) => new(
        "a site",
        [BootServer, Daily, Subnets, Profiles, DefaultProfile, Hosts, Secrets.MenuHash, Secrets.MenuHashFile, Secrets.RootLogin, MenuTimeout, Mirror,
            StorageModel.ExportTo, StorageModel.Images, StorageModel.NfsServer, StorageModel.Storage, StorageModel.SharedFileSystem,
            NightlyModel.Publish, NightlyModel.OnFailure],
        f => Build(f, file))
    {
        Rules = [new AtMostOne(Secrets.MenuHash, Secrets.MenuHashFile), new Checked(SiteCheck.Site), new Checked(StorageModel.Check), new Checked(NightlyModel.Check)],
        Refused = ImmutableDictionary<string, string>.Empty
            .Add("menu-password", "A plain password does not belong in a file: make a hash with 'grub-mkpasswd-pbkdf2' and give it as 'menu-password-hash', or its file as 'menu-password-hash-file'.")
            .Add("root-password", "Use 'root-login' with 'password-hash'.")
            .Add("name", "A site is named like its file."),
    };

    private static Site Build(Fields f, string file) => new()
    {
        Name = Path.GetFileNameWithoutExtension(file),
        File = file,
        BootServer = f.Get(BootServer),
        Daily = f.Get(Daily),
        Subnets = f.Get(Subnets),
        Hosts = f.Get(Hosts),
        Profiles = f.Get(Profiles),
        DefaultProfile = f.Get(DefaultProfile),
        MenuPasswordHash = f.Get(Secrets.MenuHash) ?? f.Get(Secrets.MenuHashFile),
        RootLogin = f.Get(Secrets.RootLogin),
        MenuTimeout = f.Get(MenuTimeout),
        Mirror = f.Get(Mirror),
        ExportTo = f.Get(StorageModel.ExportTo),
        Images = f.Get(StorageModel.Images),
        NfsServer = f.Get(StorageModel.NfsServer),
        Storage = f.Get(StorageModel.Storage) with { SharedAcceptedFor = f.Get(StorageModel.SharedFileSystem) },
        Publish = f.Get(NightlyModel.Publish),
        OnFailure = f.Get(NightlyModel.OnFailure),
    };
}
