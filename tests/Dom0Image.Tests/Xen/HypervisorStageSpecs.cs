using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Stages;
using Dom0Image.Tests.RootFs;
using Dom0Image.Xen;

namespace Dom0Image.Tests.Xen;

/// <summary>With packages that dpkg-deb made, in a small signed archive.</summary>
public sealed class HypervisorStageSpecs
{
    private TempDirectory _temp = null!;
    private SignedArchive _archive = null!;
    private StageContext _context = null!;

    [SetUp]
    public void MakeArchive()
    {
        _temp = new TempDirectory();
        _archive = new SignedArchive(_temp);
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
    }

    [TearDown]
    public void Delete()
    {
        _archive.Dispose();
        _temp.Dispose();
    }

    [TestCase("xen-hypervisor-4.99-amd64", "4.99")]
    [TestCase("xen-hypervisor-3.0.3-1-i386-pae", "3.0.3-1")]
    public async Task I_get_the_hypervisor_out_of_its_package_and_then_from_the_store(string package, string version)
    {
        Add(package, "xen-any.gz", "xen-any.efi", "xen-any.config");

        var image = await MakeAsync(package);

        Assert.That((image.FileName, image.Version, image.SourcePackage), Is.EqualTo(($"xen-{version}.gz", version, $"{package} 1-1")));
        Assert.That(File.ReadAllText(image.File), Is.EqualTo("content of xen-any.gz"));
        Assert.That(Directory.GetFiles(image.Output.Directory), Is.EqualTo(new[] { image.File }), "nothing else of the package");
        Assert.That((await MakeAsync(package)).Output, Has.Property("Cached").True.And.Property("Directory").EqualTo(image.Output.Directory));
    }

    [Test]
    public void I_am_told_when_the_package_holds_no_hypervisor()
    {
        Add("xen-hypervisor-4.99-amd64", "xen-any.efi");

        Assert.That(() => MakeAsync("xen-hypervisor-4.99-amd64"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("holds no hypervisor; expected one file boot/xen-*.gz"));
        Assert.That(Directory.Exists(Path.Combine(_context.Store.Stages, "hypervisor")), Is.False);
    }

    [Test]
    public void I_am_told_when_the_package_holds_two()
    {
        Add("xen-hypervisor-4.99-amd64", "xen-one.gz", "xen-two.gz");

        Assert.That(() => MakeAsync("xen-hypervisor-4.99-amd64"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("several hypervisors: boot/xen-one.gz, boot/xen-two.gz"));
    }

    [Test]
    public void I_am_told_when_it_is_no_hypervisors_package()
        => Assert.That(() => MakeAsync("sample"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("'sample' is no hypervisor's package"));

    [Test]
    public void I_am_told_the_nearest_package_when_the_suite_has_another()
    {
        Add("xen-hypervisor-4.99-amd64", "xen-any.gz");

        Assert.That(() => MakeAsync("xen-hypervisor-4.98-amd64"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("Did you mean 'xen-hypervisor-4.99-amd64'?"));
    }

    private void Add(string package, params string[] files)
    {
        foreach (var file in files)
        {
            _temp.Write($"{package}/boot/{file}", $"content of {file}");
        }

        _archive.Add(package, "1-1", _temp[package]);
    }

    private Task<HypervisorImage> MakeAsync(string package)
        => HypervisorStage.MakeAsync(
            new Hypervisor(package, []),
            new PackageFetcher([new ArchiveSource(new Uri($"file://{_archive.Root}"), _archive.Suite, ["main"], _archive.Keyring)], "amd64", _context),
            _context);
}
