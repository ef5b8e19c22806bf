using System.Diagnostics;
using System.Net;
using Dom0Image.BootLab.Checks;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootLab;

public sealed class CheckScriptSpecs
{
    [TestCase(InitSystem.Sysvinit, true)]
    [TestCase(InitSystem.Systemd, false)]
    public void The_script_is_clean_under_shellcheck_whatever_the_paths_are(InitSystem init, bool xen)
    {
        using var directory = new TempDirectory();
        var plan = new CheckPlan("post01", IPAddress.Parse("192.0.2.1"), "/srv/it's/root", xen, init,
            [new ExpectedFlash("/var/with blank", FlashKind.Directory, 0x3FF, 0, 43, HasLink: true), new ExpectedFlash("/etc/$(reboot)", FlashKind.File, 0x124, 0, 0, HasLink: true)],
            ["/usr"]);

        var script = directory.Write("check.sh", CheckScript.For(plan, TimeSpan.FromSeconds(90)));

        Assert.That(Run("shellcheck", "--shell=sh", "--severity=warning", script), Is.Empty);
        Assert.That(File.ReadAllText(script), Does.Contain("""flash_entry '/flash/etc/$(reboot)' '444' '0:0' 'regular'"""));
        Assert.That(File.ReadAllLines(script).Contains("boot_ended 90"), Is.EqualTo(init == InitSystem.Systemd), "only there it ends after the prompt");
    }

    [Test]
    public void I_get_what_a_client_told_and_know_when_it_did_not_get_to_the_end()
    {
        string[] told = ["check|write /tmp|ok|", "check|flash /var|fail|it is '755 0:0 directory', not '1777'", "fact|clock|17", "noise", "check|half"];

        var testimony = ClientTestimony.Read(told);

        Assert.That(testimony.Checks.Select(c => (c.Name, c.Passed)), Is.EqualTo(new[] { ("write /tmp", true), ("flash /var", false) }));
        Assert.That(testimony.Facts["clock"], Is.EqualTo("17"));
        Assert.That(testimony.Complete, Is.False);
        Assert.That(ClientTestimony.Read([.. told, "end"]).Complete, Is.True);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
