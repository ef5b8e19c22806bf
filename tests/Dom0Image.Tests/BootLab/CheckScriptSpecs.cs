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
        var plan = new CheckPlan("post01", IPAddress.Parse("192.0.2.1"), "/srv/it's/root", ImagesExport.ReadOnly, xen, init,
            [new ExpectedFlash("/var/with blank", FlashKind.Directory, 0x3FF, 0, 43, HasLink: true), new ExpectedFlash("/etc/$(reboot)", FlashKind.File, 0x124, 0, 0, HasLink: true)],
            ["/usr"]);

        var script = directory.Write("check.sh", CheckScript.For(plan, TimeSpan.FromSeconds(90)));

        Assert.That(Run("shellcheck", "--shell=sh", "--severity=warning", script), Is.Empty);
        Assert.That(File.ReadAllText(script), Does.Contain("""flash_entry '/flash/etc/$(reboot)' '444' '0:0' 'regular'"""));
        Assert.That(File.ReadAllLines(script), Does.Contain("images 'read-only' '192.0.2.1:/opt/ondemand/imgs'"));
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

    [TestCase("running", "ok|running")]
    [TestCase("degraded", "ok|degraded")]
    [TestCase("starting", "fail|after 1 s more it is 'starting'; it waits for dom0-xen.service ")]
    public void Services_that_still_start_are_waited_for_but_not_for_ever(string state, string expected)
    {
        using var directory = new TempDirectory();
        var program = directory.Write("bin/systemctl", $"""
            #!/bin/sh
            case $* in
            *--wait) [ {state} = starting ] && exec sleep 60 ;;
            list-jobs*) echo '12 dom0-xen.service start running' && exit ;;
            esac
            echo {state}
            [ {state} = running ]

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var call = $"PATH='{directory["bin"]}':$PATH\nboot_ended 1\n";

        var script = directory.Write("check.sh", CheckScript.Resource("check-head.sh") + CheckScript.Resource("check-systemd.sh") + call);

        Assert.That(Run("sh", script).Split('\n'), Does.Contain($"check|boot-ended|{expected}"));
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
