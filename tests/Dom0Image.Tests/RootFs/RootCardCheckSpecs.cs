using System.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.RootFs;

/// <summary>Before all else a client looks whether its root comes over the card that its menu came over. Two cards, the root's is eth1.</summary>
internal sealed class RootCardCheckSpecs
{
    private static readonly string Script = RamTreeScripts.RamTreeScript(RecipeReader.Read(Path.Combine(Checkout.Root, "recipes/trixie.yaml")));

    [TestCase("dom0.mac=52:54:00:00:00:02", "mark card eth1 52:54:00:00:00:02")]
    [TestCase("dom0.mac=52:54:00:00:00:01,52:54:00:00:00:02", "mark card eth1 52:54:00:00:00:02")]
    [TestCase("ip=:::::eth1:dhcp", "")]
    [TestCase("dom0.mac=52:54:00:00:00:01", "FAILED card The root is mounted over eth1 52:54:00:00:00:02, but the menu is of 52:54:00:00:00:01:")]
    [TestCase("dom0.mac=52:54:00:00:00:02", "FAILED card The root is mounted over no interface, but", false)]
    public void My_root_comes_over_the_card_of_the_menu_or_not_at_all(string words, string said, bool connected = true)
    {
        Assert.That(Script, Does.Contain("    mark start\n    check_card\n    make_devices\n"));
        using var directory = new TempDirectory();
        var line = directory.Write("cmdline", $"console=tty0 {words} ip=dhcp ro\n");
        var check = Script[Script.IndexOf("check_card() {", StringComparison.Ordinal)..Script.IndexOf("make_devices() {", StringComparison.Ordinal)];
        var script = directory.Write("run", $$"""
            set -eu
            mount -t sysfs sysfs /sys
            mount --bind {{line}} /proc/cmdline
            ip link add eth0 address 52:54:00:00:00:01 type bridge
            ip link add eth1 address 52:54:00:00:00:02 type bridge
            ip link set eth0 up
            ip link set eth1 up
            {{(connected ? "ip address add 192.168.0.101/24 dev eth1" : "")}}
            mark() { echo "mark $1"; }
            fail() { echo "FAILED $1 $2"; exit; }
            {{check}}
            check_card

            """);

        using var process = Process.Start(new ProcessStartInfo("env", Isolation.Network.Around(["dash", script])) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(output, said.Length == 0 ? Is.Empty : Does.StartWith(said));
    }
}
