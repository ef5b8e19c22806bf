using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Tests.Generations;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Verification;

internal sealed class GenerationVerificationSpecs
{
    [Test]
    public void I_can_publish_a_generation_whose_parts_belong_together()
    {
        using var sample = new Sample();

        Assert.That(Check(sample).Findings, Is.Empty);
    }

    [Test]
    public void I_am_told_of_everything_that_is_wrong_in_one_report()
    {
        using var sample = new Sample();

        var report = Check(sample, tree =>
        {
            File.Delete(Path.Combine(tree.Hypervisors, "xen-4.20.gz"));
            File.WriteAllText(Path.Combine(tree.Kernels, "kernel-5"), "no kernel");
            File.WriteAllText(Path.Combine(tree.Kernels, "kernel-7"), "");
            File.SetUnixFileMode(Path.Combine(tree.Kernels, "kernel-6.12-xen"), UnixFileMode.UserRead);
            Directory.CreateDirectory(Path.Combine(tree.Root, "lib/modules/6.1.0-1-amd64"));
        });

        Assert.Multiple(() =>
        {
            Assert.That(report.Passed, Is.False);
            var text = string.Join('\n', report.Findings.Select(finding => $"{finding.ImagePath}: {finding.What}"));
            Assert.That(text, Does.Contain("hypervisors/xen-4.20.gz, which is not there")
                .And.Contain("is empty").And.Contain("can't be read by the TFTP server")
                .And.Contain("is not a Linux kernel").And.Contain("/lib/modules/6.1.0-1-amd64: no kernel of this generation"));
            Assert.That(report.ToJson(), Does.Contain("\"rule\": \"modules\""));
            Assert.That(report.ThrowUnlessPassed, Throws.InstanceOf<BuildFailedException>().With.Property(nameof(BuildFailedException.Diagnostics)).Count.EqualTo(report.Findings.Length));
        });
    }

    [Test]
    public void I_am_told_what_a_kernel_lacks_under_the_hypervisor()
    {
        using var sample = new Sample();
        var asked = new List<KernelUse>();

        var report = Check(sample, requirement: (_, _, use) =>
        {
            asked.Add(use);
            return [new Diagnostic("no XEN_DOM0") { Hint = "Add the fragment" }];
        });

        Assert.That(asked, Is.EqualTo(new[] { new KernelUse(UnderXen: true, Alone: false) }), "the menu boots it with module2");
        Assert.That(report.Findings.Single(), Is.EqualTo(new Finding(FindingKind.KernelOption, "/kernels/kernel-6.12-xen", "no XEN_DOM0", "Add the fragment")));
    }

    [Test]
    public void I_am_told_of_a_pipe_among_the_menus_and_it_is_not_waited_for()
    {
        using var sample = new Sample();
        Assert.That(Mono.Unix.Native.Syscall.mkfifo(Path.Combine(sample.Built("one"), "post99.conf"), Mono.Unix.Native.FilePermissions.S_IRWXU), Is.Zero);

        Assert.That(Check(sample).Findings.Single(), Is.EqualTo(new Finding(FindingKind.MenuLink, "/grub/post99.conf", "is neither a menu nor a link to one", "Publish the site's menus again")));
    }

    private static VerificationReport Check(Sample sample, Action<GenerationTree>? spoil = null, KernelRequirement? requirement = null)
    {
        using var staged = sample.Begin("one");
        staged.Seal(sample.Parts("one"));
        Images.Kernel(Path.Combine(staged.Tree.Kernels, "kernel-6.12-xen"), "6.12.1-xen");
        Images.Gzip(Path.Combine(staged.Tree.Hypervisors, "xen-4.20.gz"), Images.Multiboot2());
        spoil?.Invoke(staged.Tree);
        return new VerificationReport(staged.Id, GenerationVerification.CheckParts(new CheckedGeneration(staged.Tree, MenuReading.Of(sample.Built("one")), requirement ?? ((_, _, _) => []))));
    }
}
