using Dom0Image.Generations;

namespace Dom0Image.Tests.Generations;

/// <summary>Links among menus, as a TFTP server of the set alone would see them.</summary>
internal sealed class MenuReadingSpecs
{
    [TestCase("dom0.conf", true)]
    [TestCase("./dom0.conf", true)]
    [TestCase("racks/post01.conf", true)]
    [TestCase("/dom0.conf", false, Description = "a place on the server")]
    [TestCase("/etc/passwd", false)]
    [TestCase("../dom0.conf", false, Description = "beside the set")]
    [TestCase("racks/../../dom0.conf", false)]
    [TestCase("nowhere.conf", false)]
    [TestCase("racks", false)]
    [TestCase("link.conf", false, Description = "round in a circle")]
    public void A_link_is_a_menu_where_it_leads_to_one_of_the_same_set(string target, bool menu)
    {
        using var temp = Set();
        File.CreateSymbolicLink(temp["set/link.conf"], target);

        var set = MenuReading.Of(temp["set"]);

        Assert.That(set.IsMenu("link.conf"), Is.EqualTo(menu));
        Assert.That(set.Find("link.conf"), menu ? Is.SameAs(set.Texts["dom0.conf"]) : Is.Null);
    }

    [Test]
    public void A_link_in_a_directory_may_climb_up_to_the_set_and_no_further()
    {
        using var temp = Set();
        File.CreateSymbolicLink(temp["set/racks/far.conf"], "../../dom0.conf");

        var set = MenuReading.Of(temp["set"]);

        Assert.That(set.Resolve("racks/post01.conf"), Is.EqualTo("dom0.conf"));
        Assert.That(set.Resolve("racks/far.conf"), Is.Null);
    }

    [Test]
    public void A_set_that_was_read_in_this_run_is_not_read_again()
    {
        using var temp = Set();
        var found = MenuReading.Of(temp["set"]);

        Assert.That(new MenuSet("0123456789ab", temp["set"]) { Found = found }.Read(), Is.SameAs(found), "it may be tens of thousands of files");
    }

    [Test]
    public void I_am_told_what_hosts_boot_when_someone_deleted_their_menus()
    {
        using var sample = new Sample();
        sample.Finish("one");
        sample.Publish("one", "0123456789ab");
        Directory.Delete(sample[$"{Places.Menus}/0123456789ab"], recursive: true);

        Assert.That(CurrentState.Booted(sample.Places), Is.EqualTo(Sample.IdOf("one")));
    }

    // A menu, and in a directory a link that leads to it.
    private static TempDirectory Set()
    {
        var temp = new TempDirectory();
        temp.Write("set/dom0.conf", "set default=0\n");
        temp.Make("set/racks");
        File.CreateSymbolicLink(temp["set/racks/post01.conf"], "../dom0.conf");
        return temp;
    }
}
