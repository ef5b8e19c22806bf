using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Tests.CommandLine;
using Dom0Image.Tests.Serving;

namespace Dom0Image.Tests.Storage;

/// <summary>Each way in which something is published, on a server whose exports are directories of its one disk.</summary>
[Category("Slow")]
public sealed class ExportGateSpecs : OnServerMachine
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
        Assert.That(await PublishedAsync(), Is.EqualTo(before));

        File.AppendAllText(site, $"shared-file-system: {{ accepted: {ServerMachine.Address} }}\n");
        (exitCode, told) = await Machine.CommandAsync(command);
        Assert.That(exitCode, Is.Zero, told);
        Assert.That(told, Does.Contain("can read and write as root everything on the file system of generations and imgs"), "who accepts it is told each time what that means");
        Assert.That(await PublishedAsync(), Is.Not.EqualTo(before), "post33");
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
