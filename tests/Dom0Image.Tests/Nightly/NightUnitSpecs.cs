using Dom0Image.Processes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Nightly;

/// <summary>The units that people copy.</summary>
internal sealed class NightUnitSpecs
{
    [TestCase("", true)]
    [TestCase("OnCalender=daily\n", false)]
    public async Task Systemd_takes_the_unit_and_its_timer(string fault, bool right)
    {
        using var temp = new TempDirectory();
        foreach (var name in new[] { "dom0image-nightly.service", "dom0image-nightly.timer" })
        {
            var text = File.ReadAllText(Path.Combine(Checkout.Root, "docs/nightly", name));
            temp.Write(name, text.Replace("/srv/dom0image", Checkout.Root, StringComparison.Ordinal).Replace("[Timer]\n", $"[Timer]\n{fault}", StringComparison.Ordinal));
        }

        // It warns of words that it does not know, and ends with 0.
        var said = new List<string>();
        var result = await new ToolRunner().RunAsync(
            new ToolCommand("systemd-analyze", "verify", "--man=no", temp["dom0image-nightly.service"], temp["dom0image-nightly.timer"]) { SuccessCodes = [0, 1] }, said.Add);

        var ours = said.Where(line => line.Contains("dom0image-nightly", StringComparison.Ordinal));
        Assert.That((result.ExitCode, ours.Any()), right ? Is.EqualTo((0, false)) : Is.EqualTo((0, true)), string.Join('\n', said));
    }
}
