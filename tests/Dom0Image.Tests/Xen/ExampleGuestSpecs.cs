using System.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.Store;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Tests.Xen;

internal sealed class ExampleGuestSpecs
{
    private TempDirectory _temp = null!;

    [SetUp]
    public void SetUp() => _temp = new TempDirectory();

    [TearDown]
    public void TearDown() => _temp.Dispose();

    [Test]
    public async Task I_get_a_guest_with_disk_kernel_and_configuration()
    {
        var guest = await MakeAsync("a kernel");
        var images = _temp.Make("imgs");

        Assert.That(guest.PlaceIn(images), Is.True);

        var place = Path.Combine(images, guest.DirectoryName);
        Assert.That(File.ReadAllText(Path.Combine(images, "example", "kernel")), Is.EqualTo("a kernel"));
        Assert.That(
            File.ReadAllText(Path.Combine(place, "example.cfg")),
            Does.Contain($"target=/opt/ondemand/imgs/{guest.DirectoryName}/disk.img").And.Contain($"kernel = \"/opt/ondemand/imgs/{guest.DirectoryName}/kernel\""));
        Assert.That(OnDisk(place, "stat /init"), Does.Contain("Mode:  0755").And.Contain("User:     0"));
        Assert.That(OnDisk(place, "stat /bin/sh"), Does.Contain("Fast link dest: \"busybox\""));
        Assert.That(guest.PlaceIn(images), Is.False, "it stands there already");
    }

    [Test]
    public async Task A_guest_that_runs_keeps_its_files_when_a_newer_one_is_published()
    {
        var images = _temp.Make("imgs");
        var old = await MakeAsync("the old kernel");
        old.PlaceIn(images);
        var running = Path.Combine(images, old.DirectoryName, "kernel");

        var next = await MakeAsync("the new kernel");
        next.PlaceIn(images);

        Assert.That(File.ReadAllText(running), Is.EqualTo("the old kernel"));
        Assert.That(new FileInfo(Path.Combine(images, "example")).LinkTarget, Is.EqualTo(next.DirectoryName));
    }

    [Test]
    public async Task What_I_have_called_example_myself_stays_mine()
    {
        var images = _temp.Make("imgs");
        _temp.Write("imgs/example/mine", "mine");
        var guest = await MakeAsync("a kernel");

        guest.PlaceIn(images);

        Assert.That(File.ReadAllText(_temp["imgs/example/mine"]), Is.EqualTo("mine"));
        Assert.That(Directory.Exists(Path.Combine(images, guest.DirectoryName)), Is.True);
    }

    [Test]
    public async Task My_own_guest_that_I_have_called_example_by_a_link_stays_mine()
    {
        var images = _temp.Make("imgs");
        File.CreateSymbolicLink(_temp["imgs/example"], "example-of-mine");

        (await MakeAsync("a kernel")).PlaceIn(images);

        Assert.That(new FileInfo(_temp["imgs/example"]).LinkTarget, Is.EqualTo("example-of-mine"));
    }

    [Test]
    public async Task What_a_killed_run_left_of_an_older_guest_is_deleted()
    {
        var places = new Places(_temp.Path);
        _temp.Write("opt/ondemand/imgs/.staging-example-0123456789ab/kernel", "half a ker");
        var images = places.OnDisk(Places.DomUImages);
        File.CreateSymbolicLink(Path.Combine(images, ".dom0image-new-example"), "example-0123456789ab");
        var guest = await MakeAsync("a kernel");

        new GenerationAssembler(places).DeleteLeftovers();
        guest.PlaceIn(images);

        Assert.That(Directory.GetFileSystemEntries(images).Select(Path.GetFileName), Is.EquivalentTo(new[] { guest.DirectoryName, "example" }));
    }

    [Test]
    public async Task What_a_killed_run_left_is_replaced()
    {
        var images = _temp.Make("imgs");
        var guest = await MakeAsync("a kernel");
        _temp.Write($"imgs/.staging-{guest.DirectoryName}/kernel", "half a ker");

        guest.PlaceIn(images);

        Assert.That(Directory.GetFileSystemEntries(images).Select(Path.GetFileName), Is.EquivalentTo(new[] { guest.DirectoryName, "example" }));
        Assert.That(File.ReadAllText(Path.Combine(images, "example", "kernel")), Is.EqualTo("a kernel"));
    }

    [Test]
    public void Only_a_kernel_with_what_guests_need_is_taken_for_one()
    {
        var generation = new GenerationTree("x", _temp.Make("image"), _temp.Make("tftp"));
        _temp.Write("tftp/kernels/kernel-a");
        _temp.Write("image/kernels/kernel-a.config", "CONFIG_XEN_PV=y\nCONFIG_HVC_XEN=y\nCONFIG_EXT4_FS=y\n# CONFIG_XEN_BLKDEV_FRONTEND is not set\n");
        Assert.That(ExampleGuest.KernelOf(generation), Is.Null);

        var fit = _temp.Write("tftp/kernels/kernel-b");
        _temp.Write("image/kernels/kernel-b.config", "CONFIG_XEN_PV=y\nCONFIG_HVC_XEN=y\nCONFIG_EXT4_FS=y\nCONFIG_XEN_BLKDEV_FRONTEND=y\n");
        Assert.That(ExampleGuest.KernelOf(generation), Is.EqualTo(fit));
    }

    [TestCase(ImagesExport.ReadOnly, true)]
    [TestCase(ImagesExport.None, false)]
    public async Task I_get_a_guest_where_my_site_exports_images(ImagesExport images, bool expected)
    {
        var places = new Places(_temp.Path);
        var generation = GenerationTree.Finished(places, "x");
        _temp.Write(Path.Combine(generation.Kernels, "kernel-a"));
        _temp.Write(generation.ConfigOf("kernel-a"), "CONFIG_XEN_PV=y\nCONFIG_HVC_XEN=y\nCONFIG_EXT4_FS=y\nCONFIG_XEN_BLKDEV_FRONTEND=y\n");

        Assert.That(await GuestPublishing.PublishAsync(Sites.OneServer() with { Images = images }, places, "x", Context), Is.EqualTo(expected));

        Assert.That(Directory.Exists(places.OnDisk($"{Places.DomUImages}/example")), Is.EqualTo(expected));
    }

    private StageContext Context => new(new BuildStore(_temp["store"]), new ToolRunner(_temp["log"]), new Recorder(), CancellationToken.None);

    private Task<ExampleGuest> MakeAsync(string kernel)
        => ExampleGuest.MakeAsync(_temp.Write($"kernel of {kernel}", kernel), Context);

    private static string OnDisk(string place, string request)
    {
        using var debugfs = Process.Start(new ProcessStartInfo("debugfs", ["-R", request, Path.Combine(place, "disk.img")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = debugfs.StandardOutput.ReadToEnd();
        debugfs.WaitForExit();
        return said;
    }
}
