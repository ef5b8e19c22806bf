using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Tests.BaseLayer;
using Dom0Image.Xen;

namespace Dom0Image.Tests.Xen;

/// <summary>With packages that dpkg-deb made, in a small signed archive.</summary>
internal sealed class HypervisorStageSpecs
{
    private const string Boot = "boot";

    private PackageBed _bed = null!;

    [SetUp]
    public void MakeArchive() => _bed = new PackageBed();

    [TearDown]
    public void Delete() => _bed.Dispose();

    [TestCase("xen-hypervisor-4.99-amd64", "4.99")]
    [TestCase("xen-hypervisor-3.0.3-1-i386-pae", "3.0.3-1")]
    public async Task I_get_the_hypervisor_out_of_its_package_and_then_from_the_store(string package, string version)
    {
        _bed.Add(package, Boot, "xen-any.gz", "xen-any.efi", "xen-any.config");

        var image = await MakeAsync(package);

        Assert.That((image.FileName, image.SourcePackage), Is.EqualTo(($"xen-{version}.gz", $"{package} 1-1")));
        Assert.That(File.ReadAllText(image.File), Is.EqualTo("(xen-any.gz)"));
        Assert.That(Directory.GetFiles(image.Output.Directory), Is.EqualTo(new[] { image.File }), "nothing else of the package");
        Assert.That((await MakeAsync(package)).Output, Has.Property("Cached").True.And.Property("Directory").EqualTo(image.Output.Directory));
    }

    [Test]
    public void I_am_told_when_the_package_holds_no_hypervisor()
    {
        _bed.Add("xen-hypervisor-4.99-amd64", Boot, "xen-any.efi");

        Assert.That(() => MakeAsync("xen-hypervisor-4.99-amd64"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("holds no hypervisor; expected one file boot/xen-*.gz"));
        Assert.That(Directory.Exists(Path.Combine(_bed.Context.Store.Stages, "hypervisor")), Is.False);
    }

    [Test]
    public void I_am_told_when_the_package_holds_two()
    {
        _bed.Add("xen-hypervisor-4.99-amd64", Boot, "xen-one.gz", "xen-two.gz");

        Assert.That(() => MakeAsync("xen-hypervisor-4.99-amd64"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("several hypervisors: boot/xen-one.gz, boot/xen-two.gz"));
    }

    [Test]
    public void I_am_told_when_it_is_no_hypervisors_package()
        => Assert.That(() => MakeAsync("sample"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("'sample' is no hypervisor's package"));

    [Test]
    public void I_am_told_the_nearest_package_when_the_suite_has_another()
    {
        _bed.Add("xen-hypervisor-4.99-amd64", Boot, "xen-any.gz");

        Assert.That(() => MakeAsync("xen-hypervisor-4.98-amd64"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("Did you mean 'xen-hypervisor-4.99-amd64'?"));
    }

    private Task<HypervisorImage> MakeAsync(string package) => HypervisorStage.MakeAsync(new Hypervisor(package, []), _bed.Fetcher, _bed.Context);
}
