using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Microcode;
using Dom0Image.Recipes;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Microcode;

/// <summary>With packages that dpkg-deb made, in a small signed archive.</summary>
internal sealed class MicrocodeStageSpecs
{
    private PackageBed _bed = null!;

    [SetUp]
    public void MakeArchive() => _bed = new PackageBed();

    [TearDown]
    public void Delete() => _bed.Dispose();

    [TestCase("lib", TestName = "I_get_the_microcode_of_both_vendors_in_one_archive")]
    [TestCase("usr/lib", TestName = "I_get_it_where_all_of_lib_is_below_usr")]
    public async Task I_get_the_microcode(string lib)
    {
        _bed.Add("amd64-microcode", $"{lib}/firmware/amd-ucode", "microcode_amd_fam17h.bin", "microcode_amd.bin", "microcode_amd.bin.asc", "README");
        _bed.Add("intel-microcode", $"{lib}/firmware/intel-ucode", "06-4f-01.initramfs", "06-0f-02", "06-0f-02.asc");

        var image = await MakeAsync(CpuVendor.Amd, CpuVendor.Intel);

        Assert.That(image.SourcePackages, Is.EqualTo("amd64-microcode 1-1, intel-microcode 1-1"));
        var bytes = File.ReadAllBytes(image.File);
        var files = NewcArchive.Files(image.File).ToDictionary(f => f.Name, f => System.Text.Encoding.UTF8.GetString(bytes, (int)f.Offset, (int)f.Length));
        Assert.That(files, Is.EqualTo(new Dictionary<string, string>
        {
            ["kernel/x86/microcode/AuthenticAMD.bin"] = "(microcode_amd.bin)(microcode_amd_fam17h.bin)",
            ["kernel/x86/microcode/GenuineIntel.bin"] = "(06-0f-02)(06-4f-01.initramfs)",
        }));
        Assert.That(NewcArchive.Files(image.File).Select(f => f.Offset % 16), Is.All.Zero, "a processor reads it where it lies");
        Assert.That(Directory.GetFileSystemEntries(image.Output.Directory), Is.EqualTo(new[] { image.File }), "nothing else of the packages");
        Assert.That((await MakeAsync(CpuVendor.Intel, CpuVendor.Amd)).Output, Has.Property("Cached").True.And.Property("Directory").EqualTo(image.Output.Directory));
    }

    [Test]
    public async Task I_get_one_vendors_alone_and_the_same_bytes_each_time()
    {
        _bed.Add("amd64-microcode", "lib/firmware/amd-ucode", "microcode_amd.bin");

        var first = await File.ReadAllBytesAsync((await MakeAsync(CpuVendor.Amd)).File);
        Directory.Delete(_bed.Context.Store.Stages, recursive: true);
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        var second = await MakeAsync(CpuVendor.Amd);

        Assert.That(second.Output.Cached, Is.False);
        Assert.That(await File.ReadAllBytesAsync(second.File), Is.EqualTo(first));
        Assert.That(NewcArchive.Files(second.File).Select(f => f.Name), Is.EqualTo(new[] { "kernel/x86/microcode/AuthenticAMD.bin" }));
    }

    [Test]
    public void I_am_told_when_a_package_holds_none()
    {
        _bed.Add("intel-microcode", "usr/share/doc", "06-0f-02");

        Assert.That(() => MakeAsync(CpuVendor.Intel), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("package 'intel-microcode' holds no microcode; expected files lib/firmware/intel-ucode/*"));
        Assert.That(Directory.Exists(Path.Combine(_bed.Context.Store.Stages, "microcode")), Is.False);
    }

    private Task<MicrocodeImage> MakeAsync(params ImmutableArray<CpuVendor> vendors) => MicrocodeStage.MakeAsync(vendors, _bed.Fetcher, _bed.Context);
}
