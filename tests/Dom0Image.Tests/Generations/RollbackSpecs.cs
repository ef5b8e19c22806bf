using Dom0Image.Diagnostics;
using Dom0Image.Generations;

namespace Dom0Image.Tests.Generations;

/// <summary>What was published in which order, and what holds it.</summary>
internal sealed class RollbackSpecs
{
    private static readonly string[] Names = ["one", "two", "three"];

    [Test]
    public void I_go_back_one_step_each_time_and_not_round_in_a_circle()
    {
        using var sample = Published(Names);

        Back(sample, expected: "two");
        Back(sample, expected: "one");

        var failure = Assert.Throws<BuildFailedException>(() => RollbackChoice.Of(sample.Places, null, CancellationToken.None))!;
        Assert.That(failure.Message, Does.StartWith($"no generation is known to have been published before {Sample.IdOf("one")}").And.Contain("--to= and one of").And.Contain(Sample.IdOf("three")));
    }

    [Test]
    public void I_go_back_to_what_was_served_when_I_published_again_after_going_back()
    {
        using var sample = Published(Names);
        Back(sample, expected: "two");
        sample.Finish("four");
        sample.Publish("four");

        Back(sample, expected: "two");
    }

    [Test]
    public void I_go_back_from_a_build_that_gave_an_older_generation_again()
    {
        using var sample = Published("one", "two");
        sample.Publish("one");

        Back(sample, expected: "two");
    }

    [Test]
    public void I_can_go_back_from_what_an_older_program_published_to_what_this_one_did()
    {
        using var sample = Published("one");
        File.Delete(sample[$"{Places.State}/publications.json"]);
        sample.Finish("two");
        sample.Publish("two");

        Back(sample, expected: "one");
    }

    [Test]
    public void I_never_go_back_to_what_was_deleted_since_nor_to_what_is_damaged()
    {
        using var sample = Published(Names);
        Directory.Delete(sample[$"{Places.Generations}/{Sample.IdOf("two")}"], recursive: true);
        Assert.That(RollbackChoice.Of(sample.Places, null, CancellationToken.None), Is.EqualTo(Sample.IdOf("one")));

        File.WriteAllText(sample[$"{Places.RootOf(Sample.IdOf("one"))}/version"], "edited");

        Assert.That(() => RollbackChoice.Of(sample.Places, null, CancellationToken.None), Throws.InstanceOf<BuildFailedException>().With.Message.Contains($"{Sample.IdOf("one")}: /version"));
    }

    [Test]
    public void I_am_told_which_generations_there_are_when_I_name_one_that_is_not()
    {
        using var sample = Published("one", "two");

        Assert.That(
            () => RollbackChoice.Of(sample.Places, Sample.IdOf("one")[..^1], CancellationToken.None),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains(Sample.IdOf("two")).And.Message.EndsWith($"Did you mean '{Sample.IdOf("one")}'?"));
    }

    [Test]
    public void A_publication_that_was_killed_before_the_switch_is_nothing_to_go_back_to()
    {
        using var sample = Published("one");
        sample.Finish("two");
        PublicationJournal.Note(sample.Places, Sample.IdOf("two"), goesBack: false);
        sample.Finish("three");
        sample.Publish("three");

        Assert.That(PublicationJournal.Read(sample.Places).Knows(Sample.IdOf("two")), "a power cut may have taken back what a client saw");
        Back(sample, expected: "one");
    }

    [Test]
    public void A_journal_that_was_damaged_by_hand_stops_a_publication_before_its_switch()
    {
        using var sample = Published("one");
        File.WriteAllText(sample[$"{Places.State}/publications.json"], "{");
        sample.Finish("two");

        Assert.That(() => sample.Publish("two"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("publications.json"));
        Assert.That(CurrentState.Booted(sample.Places), Is.EqualTo(Sample.IdOf("one")));
    }

    [Test]
    public void What_is_kept_of_publications_is_for_root_alone_and_for_what_stands()
    {
        using var sample = Published(Names);
        Directory.Delete(sample[$"{Places.Generations}/{Sample.IdOf("one")}"], recursive: true);
        sample.Publish("two");

        Assert.That(PublicationJournal.Read(sample.Places).Knows(Sample.IdOf("one")), Is.False);
        Assert.That(File.GetUnixFileMode(sample[$"{Places.State}/publications.json"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(sample[Places.State]) & (UnixFileMode)0b000_111_111, Is.EqualTo(UnixFileMode.None));
    }

    [Test]
    [Category("Slow")]
    public void I_can_kill_going_back_at_any_step_and_no_build_publishes_over_it()
    {
        IReadOnlyList<(string, int)> steps;
        using (var recorded = Published("one", "two"))
        {
            steps = KillSteps.Record("go-back", recorded.Places.Prefix, Sample.IdOf("one"), recorded.Built("one"));
        }

        Assert.That(steps, Has.Some.EqualTo(("rename", 6)), "hold, journal and four links");
        foreach (var step in steps)
        {
            using var sample = Published("one", "two");
            KillSteps.Kill(step, "go-back", sample.Places.Prefix, Sample.IdOf("one"), sample.Built("one"));

            var held = PublicationHold.Find(sample.Places);
            var back = CurrentState.Booted(sample.Places) == Sample.IdOf("one");
            Assert.That(held is not null || !back, $"hosts were back, and nothing held them, after a kill at {step}");
            Assert.That(PublicationHold.Told(sample.Places), held is null ? Is.Null : back ? Does.Contain("no build is published") : Does.Contain("was cut short"), $"after a kill at {step}");

            new GenerationAssembler(sample.Places).DeleteLeftovers();
            Back(sample, "one", wanted: Sample.IdOf("one"));
            Assert.That(Directory.GetFileSystemEntries(sample[Places.State]).Select(Path.GetFileName), Is.EquivalentTo(new[] { "hold.json", "publications.json" }));
        }
    }

    private static Sample Published(params string[] names)
    {
        var sample = new Sample();
        foreach (var name in names)
        {
            sample.Finish(name);
            sample.Publish(name);
        }

        return sample;
    }

    private static void Back(Sample sample, string expected, string? wanted = null)
    {
        var chosen = RollbackChoice.Of(sample.Places, wanted, CancellationToken.None);
        Assert.That(chosen, Is.EqualTo(Sample.IdOf(expected)));
        new PublicationHold(chosen, DateTimeOffset.UtcNow, "resume").Set(sample.Places);
        new Publication(sample.Places).Publish(sample.Request(expected) with { GoesBack = true });
        Assert.That(CurrentState.Booted(sample.Places), Is.EqualTo(chosen));
    }
}
