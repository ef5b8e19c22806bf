using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Tests.CommandLine;
using Dom0Image.Tests.Serving;

namespace Dom0Image.Tests.Storage;

/// <summary>Each way in which something is published, on a server whose exports are directories of its one disk.</summary>
[Category("Slow")]
internal sealed class ExportGateSpecs : OnServerMachine
{
    private static readonly string[] Exports = [Places.Generations, Places.DomUImages];

    [SetUp]
    public async Task BindAsync()
    {
        // What stands at the place is a mount, as it is to be, and shows a part of the disk that holds everything else.
        foreach (var export in Exports)
        {
            await Machine.DoAsync("mount", "--bind", export, export);
        }
    }

    [TearDown]
    public async Task UnbindAsync()
    {
        foreach (var export in Exports)
        {
            await Machine.DoAsync("umount", export);
        }
    }

    [TestCase("--target=BootFiles")]
    [TestCase("--target=BootFiles", "--generation")]
    [TestCase("--boot-test=no", "--generation")]
    public async Task I_publish_nothing_that_would_give_clients_the_disk(params string[] arguments)
    {
        var site = Mine(text => text.Replace("post03", "post33"));
        string[] command = [.. arguments.Select(a => a == "--generation" ? $"--generation={Id}" : a), "--site=mine"];
        var before = await PublishedAsync();

        var (exitCode, told) = await Machine.CommandAsync(command);

        Assert.That(exitCode, Is.Not.Zero, told);
        Assert.That(told, Does.Contain($"'{Places.Generations}' is a bind mount").And.Contain($"'{Places.DomUImages}' is a bind mount"));
        Assert.That(told, Does.Contain($"Failed stage: {(arguments[0] == "--target=BootFiles" ? "boot files" : "volumes")}"), "as early as can be");
        Assert.That(await PublishedAsync(), Is.EqualTo(before));

        File.AppendAllText(site, $"shared-file-system: {{ accepted: {ServerMachine.Address} }}\n");
        (exitCode, told) = await Machine.CommandAsync(command);
        Assert.That(exitCode, Is.Zero, told);
        Assert.That(told, Does.Contain("can read and write as root everything on the file system of generations and imgs"), "who accepts it is told each time what that means");
        Assert.That(await PublishedAsync(), Is.Not.EqualTo(before), "post33");
    }

    // What the exports lie on is looked at before anything is built, and at the end again: here a program that is called in between
    // mounts one of them a second time.
    [Test]
    public async Task I_publish_nothing_where_the_disk_was_given_while_it_was_made()
    {
        const string Own = "for export in \"$@\"; do cp -a $export /tmp/kept; mount -t tmpfs tmpfs $export; cp -a /tmp/kept/. $export; rm -r /tmp/kept; done";
        const string Between = "#!/bin/sh\nmkdir -p /mnt/second\nmount --bind /opt/ondemand/generations /mnt/second\nexec dhcpd.real \"$@\"\n";
        var program = $"{Machine.Root}/usr/sbin/dhcpd";
        Mine(text => text.Replace("post03", "post34"));
        await Machine.DoAsync(["sh", "-euc", Own, "sh", .. Exports]);
        File.Move(program, program + ".real");
        File.WriteAllText(program, Between);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var before = await PublishedAsync();
        try
        {
            var (exitCode, told) = await Machine.CommandAsync("--boot-test=no", $"--generation={Id}", "--site=mine");

            Assert.That(exitCode, Is.Not.Zero, told);
            Assert.That(told, Does.Contain("is mounted at /mnt/second too").And.Contain("Failed stage: publish"));
            Assert.That(await PublishedAsync(), Is.EqualTo(before));
        }
        finally
        {
            File.Move(program + ".real", program, overwrite: true);
            await Machine.RunAsync("umount", "/mnt/second");
            await Machine.DoAsync(["umount", .. Exports]);
        }
    }

    [Test]
    public async Task I_serve_nothing_that_would_give_clients_the_disk()
    {
        await Machine.PutRightAsync(SiteReader.Read(Mine(text => text)));

        var (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--site=mine", "--yes");

        Assert.That(exitCode, Is.Not.Zero, told);
        Assert.That(told, Does.Contain($"'{Places.Generations}' is a bind mount"));
        Assert.That(await Machine.RunningAsync(), Is.Empty, "no server was started");
    }

    // A site of the machine's, which accepts nothing.
    private string Mine(Func<string, string> change)
    {
        var site = $"{Machine.Root}{Checkout.Root}/recipes/sites/mine.yaml";
        File.WriteAllText(site, change(File.ReadAllText(RecipeFiles.Site(Checkout.Root, "example"))));
        return site;
    }

    private async Task<string> PublishedAsync()
        => (await Machine.RunAsync("sh", "-c", "readlink /opt/ondemand/root /tftpboot/grub; find /tftpboot /etc/ganesha /etc/dhcp /etc/exports.d -type f | LC_ALL=C sort | xargs sha256sum")).Told;
}
