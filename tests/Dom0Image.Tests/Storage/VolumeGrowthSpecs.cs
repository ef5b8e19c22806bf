namespace Dom0Image.Tests.Storage;

/// <summary>An image file grows under those who use it.</summary>
internal sealed class VolumeGrowthSpecs
{
    private const string Small = "generations=335544320";
    private const string SmallSparse = "generations=335544320,sparse";
    private const string Larger = "grow:generations=536870912";
    private const string Place = "opt/ondemand/generations";
    private const string Image = "var/lib/dom0image/storage/generations.img";

    private MountRoom _room = null!;

    [SetUp]
    public void Open() => _room = new MountRoom();

    [TearDown]
    public void Close() => _room.Dispose();

    [TestCase(Small)]
    [TestCase(SmallSparse)]
    public void I_can_grow_it_while_it_is_used_and_hear_what_the_site_has_to_say(string settings)
    {
        _room.Done("ensure", settings);
        _room.Sh($"echo kept > {Place}/file");

        Assert.That(_room.Done("grow", settings, Larger), Does.Contain("generations has 512M now; recipes/sites/test.yaml:7:5: write 'size: 512M' under 'storage: generations'"));

        Assert.That(_room.Sh($"cat {Place}/file; echo $(( $(stat -f -c '%b * %S' {Place}) > 460000000 ))"), Is.EqualTo("kept\n1"));
        Assert.That(long.Parse(_room.Sh($"stat -c '%b' {Image}")) * 512, settings == Small ? Is.GreaterThanOrEqualTo(536870912) : Is.LessThan(120 << 20));
        Assert.That(_room.Done("grow", settings, Larger), Does.Contain("has 512M now"), "and again");
        Assert.That(_room.Done("ensure", settings.Replace("335544320", "536870912")), Does.Not.Contain("512M"), "site and disk agree");
    }

    [TestCase("truncate -s 512M " + Image, TestName = "I_can_kill_a_growth_after_the_file_grew_and_the_next_one_goes_on")]
    [TestCase("truncate -s 512M " + Image + "; losetup --set-capacity $(findmnt -n -o SOURCE " + Place + ")", TestName = "I_can_kill_a_growth_after_its_device_grew_and_the_next_one_goes_on")]
    public void I_can_kill_a_growth(string done)
    {
        _room.Done("ensure", SmallSparse);
        _room.Sh(done);

        _room.Done("grow", SmallSparse, Larger);

        Assert.That(_room.Sh($"echo $(( $(stat -f -c '%b * %S' {Place}) > 460000000 ))"), Is.EqualTo("1"));
    }

    [Test]
    public void I_can_kill_it_when_it_begins()
    {
        _room.Done("ensure", SmallSparse);
        Assert.That(_room.StorageKilledAt(1, "grow", SmallSparse, Larger).ExitCode, Is.EqualTo(137));

        _room.Done("grow", SmallSparse, Larger);
    }

    [Test]
    public void I_hear_what_cannot_grow()
    {
        Assert.That(_room.Refused("grow", Small, Larger), Does.Contain("is not mounted at"));
        _room.Sh("mkdir -p var/lib; mount -t tmpfs -o size=700m t var/lib");
        _room.Done("ensure", Small);

        Assert.That(_room.Refused("grow", Small, "grow:generations=1073741824"), Does.Contain("there is no room").And.Contain("are free on tmpfs on t"));
        Assert.That(_room.Refused("grow", Small, "grow:generations=268435456"), Does.Contain("never made smaller"));
        Assert.That(_room.Refused("grow", Small, "grow:imgs=536870912"), Does.Contain("exports no imgs"));
        Assert.That(_room.Sh($"stat -c '%s' {Image}"), Is.EqualTo("335544320"), "nothing was changed");
    }
}
