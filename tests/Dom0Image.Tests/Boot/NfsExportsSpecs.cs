using System.Net;
using Dom0Image.Boot;
using Dom0Image.Boot.Nfs;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

/// <summary>Who may mount what, as the files of either NFS server say it.</summary>
internal sealed class NfsExportsSpecs
{
    private const string Generations = "/opt/ondemand/generations";
    private const string Images = "/opt/ondemand/imgs";

    private static readonly Site Site = Sites.OneServer() with { DefaultProfile = null };

    [Test]
    public void I_export_to_my_subnets_what_is_mounted()
    {
        Assert.That(ByKernel(Site), Is.EqualTo(new[]
        {
            $"{Generations} -ro,sync,no_root_squash,no_subtree_check,mountpoint 192.168.0.0/24",
            $"{Images} -rw,sync,no_root_squash,no_subtree_check,mountpoint 192.168.0.0/24",
        }));
        Assert.That(ByGanesha(Site), Is.EqualTo(new[] { $"{Generations} RO 192.168.0.0/24", $"{Images} RW 192.168.0.0/24" }));
    }

    [Test]
    public void I_export_to_my_listed_hosts_alone_and_let_the_boot_server_read_its_own_root()
    {
        var site = Site with { ExportTo = ExportAudience.Hosts };
        const string Hosts = "192.168.0.101/32 192.168.0.102/31";

        Assert.That(ByKernel(site).Select(l => l.Split("mountpoint ")[1]), Is.EqualTo(new[] { $"{Hosts} 192.168.0.5/32", Hosts }));
        Assert.That(ByGanesha(site), Is.EqualTo(new[] { $"{Generations} RO {Hosts} 192.168.0.5/32", $"{Images} RW {Hosts}" }));
    }

    [Test]
    public void I_let_a_boot_server_outside_its_clients_subnets_read_its_own_root()
        => Assert.That(ByGanesha(Site with { BootServer = IPAddress.Parse("10.0.0.5") })[0], Is.EqualTo($"{Generations} RO 192.168.0.0/24 10.0.0.5/32"));

    [TestCase(ImagesExport.ReadOnly, "-ro,", "RO")]
    [TestCase(ImagesExport.ReadWrite, "-rw,", "RW")]
    public void I_export_images_as_I_say(ImagesExport images, string kernel, string ganesha)
    {
        var site = Site with { Images = images };

        Assert.That(ByKernel(site)[1], Does.StartWith($"{Images} {kernel}"));
        Assert.That(ByGanesha(site)[1], Does.StartWith($"{Images} {ganesha} "));
    }

    [Test]
    public void I_export_no_images_where_I_say_so()
    {
        var site = Site with { Images = ImagesExport.None };

        Assert.That(ByKernel(site).Concat(ByGanesha(site)), Has.Exactly(2).Items.And.All.StartsWith(Generations));
    }

    [Test]
    public void I_export_what_is_not_mounted_only_where_I_accepted_a_shared_file_system()
        => Assert.That(ByKernel(Site with { Storage = Site.Storage with { SharedAcceptedFor = Site.BootServer } }), Has.None.Contains("mountpoint"));

    [Test]
    public void My_NFS_servers_listen_at_the_boot_server_s_address()
    {
        var files = Sites.Files(Site).ServerFiles;

        Assert.That(files[Ganesha.Settings].Content, Does.Contain("  Bind_addr = 192.168.0.5;\n"));
        Assert.That(files[KernelNfs.Settings].Content, Does.Contain("[nfsd]\nhost=192.168.0.5\n"));
    }

    [Test]
    public void A_host_more_is_a_matter_of_the_exports_alone_which_either_server_reads_again()
    {
        var site = Site with { ExportTo = ExportAudience.Hosts };
        var (before, after) = (Sites.Files(site).ServerFiles, Sites.Files(site with { Hosts = site.Hosts[..^1] }).ServerFiles);

        Assert.That(before.Keys.Where(place => place.Contains("ganesha") || place.Contains("nfs") || place.Contains("exports")).Where(place => before[place].Content != after[place].Content),
            Is.EqualTo(new[] { Ganesha.Exports, KernelNfs.Exports }.Order(StringComparer.Ordinal)));
    }

    [TestCase(ImagesExport.ReadWrite, null)]
    [TestCase(ImagesExport.ReadOnly, "dom0.imgs=read-only")]
    [TestCase(ImagesExport.None, "dom0.imgs=none")]
    public void My_clients_are_told_by_their_menu_how_they_get_images(ImagesExport images, string? word)
    {
        var set = Sites.Files(Site with { Images = images });
        var words = Sites.Menu(set, "post01.conf").Split(' ', '\n').Where(w => w.StartsWith("dom0.imgs", StringComparison.Ordinal)).Select(w => w.TrimEnd(';'));

        Assert.That(words, Is.EqualTo(word is null ? Array.Empty<string>() : [word]));
        Assert.That(Sites.Menu(set, "plain.conf"), Does.Not.Contain("dom0.imgs"), "that one does not run under Xen");
    }

    [Test]
    public async Task I_can_export_to_5000_hosts_with_either_server()
    {
        using var workshop = new Workshop();
        var site = Site with
        {
            Subnets = [new Subnet(IPNetwork.Parse("192.168.0.0/24"), null, [], null, null), new Subnet(IPNetwork.Parse("10.0.0.0/8"), null, [], null, null)],
            ExportTo = ExportAudience.Hosts,
            Hosts = [.. Enumerable.Range(0, 5000).Select(n => Site.Hosts[0] with { Name = $"post{n}", Mac = Mac(n), Address = new IPAddress([10, 1, (byte)(n / 250), (byte)(n % 250 + 1)]) })],
        };
        var files = Sites.Files(site);

        await BootFileCheck.CheckAsync(files with { Menus = files.Menus.Clear() }, workshop.Context);

        Assert.That(workshop.Told, Is.Empty, "a check was left out");
        Assert.That(ByKernel(site)[0].Split(' ').Skip(2).ToArray(), Has.Length.LessThan(300).And.Some.EqualTo("10.1.19.250/32"));
    }

    private static MacAddress Mac(int number) => MacAddress.Parse($"52:54:00:12:{number >> 8:x2}:{number & 0xff:x2}");

    private static string[] ByKernel(Site site)
        => [.. Text(site, KernelNfs.Exports).Replace(" \\\n  ", " ", StringComparison.Ordinal).Split('\n').Where(l => l.StartsWith('/'))];

    private static string[] ByGanesha(Site site)
    {
        static string Value(string block, string key) => block.Split($" {key} = ")[^1].Split(';')[0].Replace(",\n      ", " ", StringComparison.Ordinal);
        return [.. Text(site, Ganesha.Exports).Split("EXPORT {").Skip(1).Select(b => $"{Value(b.Split("CLIENT")[0], "Path")} {Value(b, "Access_Type")} {Value(b, "Clients")}")];
    }

    private static string Text(Site site, string place) => Sites.Files(site).ServerFiles[place].Content;
}
