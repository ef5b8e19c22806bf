using System.Text.RegularExpressions;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

/// <summary>
/// Microcode on its way to a processor, in the words of the hypervisor and of the plain kernel. QEMU plays a processor that
/// there is microcode for; it takes none, so that nothing here shows that one would.
/// </summary>
[Category("Long_microcode")]
internal sealed class MicrocodeBootSpecs
{
    // Of AMD's family 10h, without what tells a kernel that it is a guest: it then leaves microcode alone.
    private static readonly ClientHardware Phenom = new(Firmware.Bios, NetworkCard.E1000) { Processor = "phenom,-hypervisor" };

    [Test]
    public async Task My_clients_fetch_their_microcode_and_hypervisor_and_kernel_are_handed_it()
    {
        using var temp = new TempDirectory();
        var recipe = temp.Write("trixie.yaml", File.ReadAllText(BuiltGeneration.RecipeOf("trixie")).Replace("# microcode: [amd, intel]", "microcode: [amd]"));
        var built = await BuiltGeneration.OfAsync(recipe);
        using var report = new TempDirectory();
        var plan = built.Plan([new BootScenario("xen", Phenom, Xen: true), new BootScenario("plain", Phenom, Xen: false)], report.Path);

        var result = await BootTest.RunAsync(plan, built.Context);

        foreach (var scenario in result.Scenarios)
        {
            var words = WordsOf(report, scenario.Scenario.Name);
            TestContext.Progress.WriteLine($"{scenario.Scenario.Name}:\n{string.Join('\n', words)}");
        }

        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Scenarios.SelectMany(s => s.Clients).Select(c => c.Checks.Single(check => check.Name == "microcode-fetched").Passed), Is.EqualTo(new[] { true, true }));
        Assert.That(WordsOf(report, "xen"), Has.Some.Match(@"\(XEN\).*microcode: CPU0 update rev"), "it found one for this processor, and tried");
        Assert.That(WordsOf(report, "xen"), Has.None.Contains("WARNING"), "dom0's kernel has nothing to do with it");
        Assert.That(WordsOf(report, "plain"), Has.Some.Match(@"RAMDISK: \[mem ").And.Some.Match("Freeing initrd memory: ").And.Some.Match("microcode: Current revision"));
    }

    private static string[] WordsOf(TempDirectory report, string scenario)
        => [.. Directory.GetFiles(report[scenario], "serial-*.log").SelectMany(File.ReadLines).Where(line => Regex.IsMatch(line, "microcode|ucode|RAMDISK|initrd|initramfs|WARNING: CPU", RegexOptions.IgnoreCase))];
}
