using System.Diagnostics;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>A server whose power goes while its exports are moved to file systems of their own; see <see cref="LoggedMove"/>.</summary>
internal sealed class InterruptedMoveSpecs
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    [TestCase(1, Unflushed.EveryOther, Category = "Long_interrupted_move")]
    [TestCase(2, Unflushed.Dropped, Category = "Long_interrupted_move_2")]
    [TestCase(3, Unflushed.EveryOther, Category = "Long_interrupted_move")]
    [TestCase(4, Unflushed.Kept, Category = "Long_interrupted_move_2")]
    [TestCase(5, Unflushed.EveryOther, Category = "Long_interrupted_move")]
    public async Task A_move_whose_server_loses_power_goes_on_and_no_file_is_lost(int sixths, Unflushed unflushed)
    {
        var move = await LoggedMove.GetAsync();
        await using var lab = await GuestLab.StartAsync();
        Tell($"power cut at {sixths}/6 of {move.Start}..{move.End}, unflushed: {unflushed}");
        var disk = await move.CutAsync(sixths, unflushed, Path.Combine(lab.Directory, "cut.raw"));
        await using var guest = await lab.SwitchOnAsync(move.Image, disk, move.Luggage);
        Tell("on again");
        Tell(await guest.ScriptAsync("ls /opt/ondemand; ls /var/lib/dom0image/storage || true; cat /var/lib/dom0image/storage/*.moving || true; mount | grep ondemand || true"));

        Tell(await LoggedMove.MoveAsync(guest));

        Assert.That(await guest.ScriptAsync(LoggedMove.InventoryScript), Is.EqualTo(move.Inventory));
        Assert.That(await guest.ScriptAsync("mountpoint /opt/ondemand/generations; mountpoint /opt/ondemand/imgs; ls -A /opt/ondemand"), Does.Contain("is a mountpoint").And.Not.Contain("dom0image-old"));
        await guest.RebootAsync();
        Assert.That(await guest.ScriptAsync("mountpoint /opt/ondemand/generations; mountpoint /opt/ondemand/imgs; " + LoggedMove.InventoryScript), Does.EndWith(move.Inventory));
    }

    private void Tell(string what) => TestContext.Progress.WriteLine($"[{_watch.Elapsed.TotalSeconds,6:F1} s] {what}");
}
