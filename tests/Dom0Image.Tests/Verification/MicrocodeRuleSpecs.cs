using Dom0Image.Archive;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Tests.Generations;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Verification;

internal sealed class MicrocodeRuleSpecs
{
    private const string Early = "kernel/x86/microcode/AuthenticAMD.bin";

    [Test]
    public void I_have_a_generation_with_microcode_that_its_menus_hand_over()
    {
        using var sample = new Sample();

        Assert.That(Check(sample, file => NewcArchive.Write(file, [], [(Early, [1, 2, 3])], aligned: 16), handOver: true), Is.Empty);
        Assert.That(NewcArchive.Files(Path.Combine(PublishedTree(sample).TftpDirectory, "no-initrd.cpio")), Is.Empty, "what Xen gives to dom0");
    }

    [Test]
    public void I_have_menus_for_it_from_the_generation_itself_and_for_those_of_before_there_was_any()
    {
        using var sample = new Sample();
        Check(sample, file => NewcArchive.Write(file, [], [(Early, [1, 2, 3])], aligned: 16), handOver: true);
        var tree = PublishedTree(sample);

        Assert.That(PublishedGeneration.Describe(tree).HasMicrocode);
        File.Delete(tree.Microcode);
        Assert.That(PublishedGeneration.Describe(tree).HasMicrocode, "its menus name it, and it is told that it is gone");
        var before = File.ReadAllText(tree.InfoFile);
        File.WriteAllText(tree.InfoFile, before.Replace(",\n  \"microcode\": true", ""));
        Assert.That(File.ReadAllText(tree.InfoFile), Is.Not.EqualTo(before));
        Assert.That(PublishedGeneration.Describe(tree).HasMicrocode, Is.False);
    }

    [TestCase("elsewhere.bin", 3, 16, "holds none of kernel/x86/microcode/AuthenticAMD.bin and kernel/x86/microcode/GenuineIntel.bin")]
    [TestCase(Early, 0, 16, "has an empty kernel/x86/microcode/AuthenticAMD.bin")]
    [TestCase(Early, 3, 4, "at a place that is no multiple of 16")]
    public void I_am_told_of_microcode_that_no_kernel_would_find(string name, int length, int aligned, string expected)
    {
        using var sample = new Sample();

        var found = Check(sample, file => NewcArchive.Write(file, ["a"], [(name, new byte[length])], aligned), handOver: true);

        Assert.That(found.Single().What, Does.Contain(expected));
    }

    [TestCase(60)]
    [TestCase(200)]
    public void I_am_told_of_an_archive_that_is_cut_off(int length)
    {
        using var sample = new Sample();

        var found = Check(sample, file =>
        {
            NewcArchive.Write(file, [], [(Early, new byte[500])], aligned: 16);
            using var stream = File.OpenWrite(file);
            stream.SetLength(length);
        }, handOver: true);

        Assert.That(found.Single().What, Does.StartWith("is no archive that a kernel reads: "));
    }

    private static GenerationTree PublishedTree(Sample sample) => GenerationTree.Finished(sample.Places, Sample.IdOf("one"));

    private static Finding[] Check(Sample sample, Action<string> archive, bool handOver)
    {
        var file = sample.Temp["microcode"];
        archive(file);
        using (var staged = sample.Begin("one"))
        {
            staged.Seal(sample.Parts("one") with { MicrocodeArchive = file });
            staged.Finish();
        }

        var menus = sample.Built("one");
        if (handOver)
        {
            File.AppendAllText(Path.Combine(menus, "dom0.conf"), $"module2 /generations/{Sample.IdOf("one")}/no-initrd.cpio\nmodule2 /generations/{Sample.IdOf("one")}/microcode.cpio\n");
        }

        return [.. new MicrocodeRule().Check(new CheckedGeneration(PublishedTree(sample), MenuReading.Of(menus), (_, _, _) => []))];
    }
}
