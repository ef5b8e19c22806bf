using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.Boot.Nfs;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Boot;

/// <summary>Real servers, fed with the generated files, in namespaces of their own.</summary>
internal sealed class ServedFilesSpecs
{
    // $1 the prefix; the rest, paths to fetch.
    private const string ServeTftp =
        """
        ip link set lo up
        ip address add 192.168.0.5/24 dev lo
        prefix=$1; shift
        . "$prefix/etc/default/tftpd-hpa"
        TFTP_OPTIONS=$(echo "$TFTP_OPTIONS" | sed "s#/etc/#$prefix/etc/#")
        in.tftpd --foreground --address "$TFTP_ADDRESS" $TFTP_OPTIONS --user nobody "$prefix$TFTP_DIRECTORY" &
        for path in "$@"; do
          curl --silent --show-error --fail --retry 9 --retry-delay 1 --retry-all-errors --max-time 3 "tftp://192.168.0.5/$path"
        done
        """;

    // $1 ganesha's settings; its exports are read. The places that they name are made in a file system of their own.
    private const string ServeNfs =
        """
        for place in /opt /run /var/lib/nfs; do mkdir -p "$place"; mount -t tmpfs tmpfs "$place"; done
        printf %s "$1" > /run/ganesha.conf
        cat > /run/dom0image-exports.conf
        cd /opt
        mkdir -p ondemand/generations/one/root/etc ondemand/imgs
        echo of-one > ondemand/generations/one/root/etc/name
        ln -s generations/one/root ondemand/root
        ip link set lo up
        ip address add 192.168.0.5/24 dev lo
        rpcbind -w
        ganesha.nfsd -F -f /run/ganesha.conf -p /run/pid -L /run/log -N EVENT &
        for i in $(seq 100); do grep -q 'SERVER INITIALIZED' /run/log && break; sleep 0.2; done
        at() { echo "nfs://$1/opt/ondemand/$2?version=3"; }
        try() { what=$1; shift; if "$@" > /run/out 2>&1; then echo "$what: yes $(head -c 20 /run/out)"; else echo "$what: no"; fi; }
        try 'read root' nfs-cat "$(at 192.168.0.5 generations/one/root/etc/name)"
        try 'write root' nfs-cp /run/ganesha.conf "$(at 192.168.0.5 generations/one/root/etc/new)"
        try 'write image' nfs-cp /run/ganesha.conf "$(at 192.168.0.5 imgs/new)"
        mkdir -p ondemand/generations/two/root/etc
        echo of-two > ondemand/generations/two/root/etc/name
        try 'read new generation' nfs-cat "$(at 192.168.0.5 generations/two/root/etc/name)"
        """;

    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    [Test]
    public async Task I_get_a_hosts_menu_and_the_loader_from_tftpd()
    {
        var set = Sites.Files(Sites.OneServer());
        await PublishAsync(set);

        var served = await RunAsync(ServeTftp, "", _workshop.Root, "grub/by-mac/52%3A54%3A00%3A12%3A34%3A02.conf", "grub/post01.conf");

        Assert.That(served, Is.EqualTo(Sites.Menu(set, "post02.conf") + Sites.Menu(set, "post01.conf")));
    }

    // UEFI ROMs that look for a zero at the end of what DHCP told them: it is not there, and they read on.
    [TestCase("%FF")]
    [TestCase("%01")]
    [TestCase("")]
    public async Task I_get_the_UEFI_loader_also_when_the_firmware_asks_with_a_stray_byte_after_its_name(string stray)
    {
        await PublishAsync(Sites.Files(Sites.OneServer()));
        await File.WriteAllTextAsync(Path.Combine(_workshop.Root, "tftpboot", GrubEfi.Loader.File), "the loader\n");

        var served = await RunAsync(ServeTftp, "", _workshop.Root, $"{GrubEfi.Loader.File}{stray}", $"/{GrubEfi.Loader.File}{stray}");

        Assert.That(served, Is.EqualTo("the loader\nthe loader\n"));
    }

    [Test]
    public async Task I_can_mount_any_generation_read_only_and_images_read_write()
    {
        var set = Sites.Files(Sites.OneServer());

        var told = await RunAsync(ServeNfs, set.ServerFiles[Ganesha.Exports].Content, set.ServerFiles[Ganesha.Settings].Content);

        Assert.That(told.Split('\n').Where(l => l.Length > 0).Select(l => l.TrimEnd()), Is.EqualTo(new[]
        {
            "read root: yes of-one",
            "write root: no",
            $"write image: yes {Copied(set)}",
            "read new generation: yes of-two",
        }));
    }

    private static string Copied(BootFileSet set)
    {
        var line = $"copied {System.Text.Encoding.UTF8.GetByteCount(set.ServerFiles[Ganesha.Settings].Content)} bytes";
        return line[..Math.Min(20, line.Length)];
    }

    private async Task PublishAsync(BootFileSet set)
    {
        var tftp = Path.Combine(_workshop.Root, "tftpboot");
        var writer = new BootFilesWriter(set);
        BootFilesWriter.WriteMenus(set, Path.Combine(tftp, "menus", set.MenuKey));
        File.CreateSymbolicLink(Path.Combine(tftp, "grub"), $"menus/{set.MenuKey}");
        writer.WriteServerFiles(_workshop.Root);
        BootFilesWriter.WriteGrubImages(await GrubImages.MakeAsync(_workshop.Context, set.Serial), tftp);
    }

    private async Task<string> RunAsync(string script, string input, params string[] arguments)
    {
        var command = IsolatedScript.CommandWithoutNetwork(script, arguments) with { StandardInput = input };
        return (await _workshop.Context.RunAsync(command)).Output;
    }
}
