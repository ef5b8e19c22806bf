using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.Nightly;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Nightly;

/// <summary>What becomes of what a night built, and how the timer is told.</summary>
internal sealed class NightDecisionSpecs
{
    [TestCase(false, false, PublishWay.Auto, PublishVerdict.Publish)]
    [TestCase(false, false, PublishWay.ByHand, PublishVerdict.ByHand)]
    [TestCase(false, true, PublishWay.Auto, PublishVerdict.Held)]
    [TestCase(false, true, PublishWay.ByHand, PublishVerdict.Held)]
    [TestCase(true, false, PublishWay.Auto, PublishVerdict.Conflict)]
    [TestCase(true, true, PublishWay.Auto, PublishVerdict.Conflict)]
    [TestCase(true, false, PublishWay.ByHand, PublishVerdict.Conflict)]
    public void It_is_published_where_site_rollback_and_edits_let_it(bool conflict, bool held, PublishWay way, object verdict)
    {
        using var temp = new TempDirectory();
        var places = new Places(temp.Path);
        if (held)
        {
            new PublicationHold("small-old", DateTimeOffset.UtcNow, "./build.sh").Set(places);
        }

        var decision = PublishDecision.Of(new BuildOptions { Prefix = temp.Path, Store = temp["store"] }, places, conflict ? [new EditConflict("0001", "/etc/motd", "both")] : [], way);

        Assert.That(decision.Verdict, Is.EqualTo(verdict));
    }

    [TestCase(NightOutcome.Published, 0, false)]
    [TestCase(NightOutcome.NothingNew, 0, false)]
    [TestCase(NightOutcome.Ready, 3, false)]
    [TestCase(NightOutcome.Held, 3, false)]
    [TestCase(NightOutcome.Conflict, 4, true)]
    [TestCase(NightOutcome.Failed, 1, true)]
    [TestCase(NightOutcome.Interrupted, 143, false)]
    public void The_exit_codes_are_those_that_the_page_tells(object outcome, int code, bool alarm)
    {
        Assert.That(NightExit.CodeOf((NightOutcome)outcome, signal: 143), Is.EqualTo(code));
        Assert.That(NightExit.Alarms((NightOutcome)outcome), Is.EqualTo(alarm));
    }

    [Test]
    public void A_timer_does_not_say_again_what_a_person_decided_once()
    {
        Assert.That(() => Night.Begin(new BuildOptions { Store = "/nowhere", Resume = true }, new Places("/nowhere"), "/"), Throws.TypeOf<BuildFailedException>().With.Message.Contains("--target=Publish takes them"));
        Assert.That(() => Night.Begin(new BuildOptions { Store = "/nowhere", Generation = "x" }, new Places("/nowhere"), "/"), Throws.TypeOf<BuildFailedException>());
    }
}
