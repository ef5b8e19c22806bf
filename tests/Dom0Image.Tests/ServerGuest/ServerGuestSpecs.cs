using System.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

internal sealed class ServerGuestSpecs
{
    [TestCase("bookworm", "12.", Category = "Long_server_guest")]
    [TestCase("trixie", "13.", Category = "Long_server_guest")]
    public async Task I_get_a_Debian_server_that_runs_commands_reboots_and_goes_down(string suite, string version)
    {
        var watch = Stopwatch.StartNew();
        var image = await GuestImage.GetAsync(suite);
        Tell("image", watch);
        await using var lab = await GuestLab.StartAsync();
        var system = await lab.OverlayAsync(image);
        var more = Path.Combine(lab.Directory, "more.raw");
        File.WriteAllBytes(more, new byte[1 << 20]);

        await using (var guest = await lab.SwitchOnAsync(image, system, new GuestDisk(more) { Name = "more", ReadOnly = true }))
        {
            Tell("up", watch);
            Assert.That(await guest.RunAsync("cat", "/proc/1/comm"), Is.EqualTo("systemd\n"));
            Assert.That(await guest.RunAsync("cat", "/etc/debian_version"), Does.StartWith(version));
            Assert.That(await guest.RunAsync("printf", "%s", "it's a $word"), Is.EqualTo("it's a $word"));
            Assert.That((await guest.TryScriptAsync("echo out; echo err >&2; exit 7")), Is.EqualTo(new GuestResult("sh -e", 7, "out\nerr\n")));
            await guest.ScriptAsync("modprobe nfsd; modprobe xfs; modprobe loop; test -b /dev/disk/by-id/virtio-more; ! dd if=/dev/zero of=/dev/disk/by-id/virtio-more count=1");
            Assert.That((await guest.TryAsync("ip", "-br", "address", "show", GuestSettings.Card)).Output, Does.Contain(GuestSettings.Address));

            var sent = Path.Combine(lab.Directory, "sent");
            Directory.CreateDirectory(sent);
            File.WriteAllText(Path.Combine(sent, "a"), "from here");
            await guest.CopyInAsync(sent, "/root/there");
            Tell("commands", watch);

            await guest.RebootAsync();
            Tell("reboot", watch);
            await guest.CopyOutAsync("/root/there", Path.Combine(lab.Directory, "back"));
            Assert.That(File.ReadAllText(Path.Combine(lab.Directory, "back", "a")), Is.EqualTo("from here"));
            Tell("units: " + await guest.RunAsync("systemd-analyze") + await guest.RunAsync("systemd-analyze", "blame", "--no-pager") + (await guest.TryAsync("systemctl", "--failed", "--no-legend")).Output, watch);
            await guest.ShutDownAsync();
            Tell("off", watch);
        }
    }

    [Test]
    [Category("Long_server_guest")]
    public async Task A_power_cut_keeps_what_was_synced_and_nothing_else()
    {
        var image = await GuestImage.GetAsync("bookworm");
        await using var lab = await GuestLab.StartAsync();
        var (before, written, log) = (Path.Combine(lab.Directory, "before"), Path.Combine(lab.Directory, "written"), Path.Combine(lab.Directory, "log"));
        var tools = GuestLab.Context;
        await tools.RunAsync(new ToolCommand("mke2fs", "-q", "-t", "ext4", before, "64M"));
        File.Copy(before, written);
        File.WriteAllText(log, "");
        await using (var guest = await lab.SwitchOnAsync(image, await lab.OverlayAsync(image), new GuestDisk(written) { Name = "cut", WriteLog = log }))
        {
            // No commit of the file system's own, so that what is not synced stays where it is.
            await guest.ScriptAsync("""
                mount -o commit=600 /dev/disk/by-id/virtio-cut /mnt
                cd /mnt
                echo synced >synced
                echo old >renamed-from
                dd if=/dev/zero of=overwritten bs=4096 count=1 2>/dev/null
                sync
                echo unsynced >unsynced
                mv renamed-from renamed-to
                tr '\0' x </dev/zero | dd of=overwritten bs=4096 count=1 iflag=fullblock oflag=direct conv=notrunc 2>/dev/null
                """);
            await guest.KillAsync();
        }

        var entries = WriteLog.Read(log).Count();
        var (dropped, kept) = (await AfterCutAsync(Unflushed.Dropped), await AfterCutAsync(Unflushed.Kept));

        Assert.That(dropped.Names, Does.Contain("synced").And.Contain("renamed-from").And.Not.Contain("renamed-to").And.Not.Contain("unsynced"));
        Assert.That(dropped.Overwritten, Is.EqualTo('\0'));
        Assert.That(kept.Names, Does.Contain("synced").And.Not.Contain("unsynced"), "QEMU was killed before the guest wrote it");
        Assert.That(kept.Overwritten, Is.EqualTo('x'));

        async Task<(string[] Names, char Overwritten)> AfterCutAsync(Unflushed unflushed)
        {
            var disk = Path.Combine(lab.Directory, $"{unflushed}");
            File.Copy(before, disk);
            PowerCut.Play(log, entries, unflushed, disk);
            await tools.RunAsync(new ToolCommand("e2fsck", "-p", disk) { SuccessCodes = [0, 1] });
            var names = await tools.RunAsync(new ToolCommand("debugfs", "-R", "ls -p /", disk));
            var content = await tools.RunAsync(new ToolCommand("debugfs", "-R", "cat /overwritten", disk));
            return ([.. names.Lines.Select(l => l.Split('/')).Where(f => f.Length > 5).Select(f => f[5])], content.Output[0]);
        }
    }

    private static void Tell(string what, Stopwatch watch) => TestContext.Progress.WriteLine($"[{watch.Elapsed.TotalSeconds,6:F1} s] {what}");
}
