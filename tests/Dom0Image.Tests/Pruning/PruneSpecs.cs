using Dom0Image.ClientLoads;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using static Dom0Image.Tests.Pruning.PrunedPlace;

namespace Dom0Image.Tests.Pruning;

/// <summary>What goes, and what never does.</summary>
internal sealed class PruneSpecs
{
    private PrunedPlace _place = null!;

    [SetUp]
    public void Open() => _place = new PrunedPlace();

    [TearDown]
    public void Close() => _place.Dispose();

    [Test]
    public async Task I_lose_only_what_was_replaced_while_each_load_was_logged_and_nobody_runs()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            _place.Publish(name);
            _place.Load("192.0.2.11", name);
        }

        var plan = await _place.PlanAsync();

        Assert.That(plan.Doomed.Select(info => info.Id), Is.EqualTo(new[] { Id("b"), Id("c") }));
        Assert.That(plan.Kept.Select(kept => kept.Generation), Is.EqualTo(new[] { Id("e"), Id("d"), Id("a") }));
        Assert.That(_place.Told, Has.One.Contains($"{Id("e")} is kept: hosts boot it"));
        Assert.That(_place.Told, Has.One.Contains($"{Id("d")} is kept: a rollback goes back to it"));
        Assert.That(_place.Told, Has.One.Contains($"{Id("a")} is kept: it was published, and the log of the TFTP server does not say of all that time who loaded what"), "it was there before the first line");
        Assert.That(_place.Told, Has.One.Contains($"{Id("b")} will be deleted: made on {DateTime.UtcNow:yyyy-MM-dd}"));

        Assert.That(_place.Delete(plan), Is.EqualTo(new[] { Id("b"), Id("c") }));
        Assert.That(GenerationList.Of(_place.Places).Select(kept => kept.Info.Id), Is.EqualTo(new[] { Id("e"), Id("d"), Id("a") }));
        Assert.That(Directory.GetFileSystemEntries(_place[Places.TftpGenerations]).Select(Path.GetFileName), Is.EquivalentTo(new[] { Id("e"), Id("d"), Id("a") }));
        Assert.That(GenerationCheck.Verify(_place.Places, Id("a")), Is.Empty);
        Assert.That(await _place.DoomedAsync("--yes-unknown"), Is.EqualTo(new[] { Id("a") }));
    }

    [Test]
    public async Task A_client_that_stands_still_for_months_keeps_what_it_runs_until_it_loads_another_or_is_gone()
    {
        _place.Publish("first");
        _place.Load("192.0.2.11", "first");
        _place.Publish("runs");
        _place.Load("192.0.2.12", "runs");
        _place.Publish("c", "d");
        _place.Load("192.0.2.11", "d");
        _ = await _place.PlanAsync();

        // The log of that day is gone long since, and the server's connections with it.
        File.WriteAllText(_place["/var/log/syslog"], "");
        var record = ClientRecord.Read(_place.Places);
        (record with { Clients = record.Clients.SetItem("192.0.2.12", record.Clients["192.0.2.12"] with { At = DateTimeOffset.UtcNow.AddDays(-90) }) }).Write(_place.Places);

        Assert.That(await _place.DoomedAsync("--yes-unknown"), Does.Not.Contain(Id("runs")));
        Assert.That(_place.Told, Has.Some.Contains($"{Id("runs")} is kept: 192.0.2.12 loaded it last, on ").And.Contain("--gone=192.0.2.12"));

        _place.Load("192.0.2.12", "d");
        Assert.That(await _place.DoomedAsync("--yes-unknown"), Does.Contain(Id("runs")));
    }

    [Test]
    public async Task I_can_say_that_a_client_is_gone_by_its_name_and_am_told_when_there_is_none()
    {
        var host = Boot.Sites.OneServer().Hosts[0];
        _place.Publish("first");
        _place.Load("192.0.2.99", "first");
        _place.Publish("runs");
        _place.Load($"{host.Address}", "runs");
        _place.Publish("c", "d");
        _place.Load("192.0.2.99", "d");
        Assert.That(await _place.DoomedAsync(), Is.Empty);

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => _place.PlanAsync("--gone=nobody"))!;
        Assert.That(failure.Message, Does.Contain("'nobody' is none of the clients").And.Contain(host.Name).And.Contain("192.0.2.99"));

        Assert.That(await _place.DoomedAsync($"--gone={host.Name}"), Is.EqualTo(new[] { Id("runs") }));
    }

    [Test]
    public async Task I_keep_all_that_was_published_where_no_log_tells_who_loaded_it()
    {
        _place.Publish("a", "b", "c");
        _place.Finish("never");

        Assert.That(await _place.DoomedAsync(), Is.Empty);
        Assert.That(_place.Told, Has.Some.Contains($"{Id("a")} is kept: it was published, and there is no log of the TFTP server that says who loaded it; if no client runs it: --yes-unknown"));

        _place.Finish("newest");
        Assert.That(await _place.DoomedAsync(), Is.EqualTo(new[] { Id("never") }), "what was never published nobody loaded");
        Assert.That(await _place.DoomedAsync("--yes-unknown"), Is.EqualTo(new[] { Id("a"), Id("never") }));
    }

    [Test]
    public async Task I_keep_what_was_there_before_publications_were_noted()
    {
        _place.Publish("old", "b", "c");
        File.Delete(_place[$"{Places.State}/publications.json"]);
        _place.Publish("d");

        Assert.That(await _place.DoomedAsync(), Is.Empty);
        Assert.That(_place.Told, Has.Some.Contains($"{Id("old")} is kept: it is older than the journal of publications"));
    }

    [Test]
    public async Task I_keep_what_menus_name_that_a_client_may_have_on_its_screen()
    {
        _place.Publish("a", "b", "c");
        var set = Directory.GetDirectories(_place[Places.Menus]).Single(set => MenuReading.GenerationIn(set) == Id("a"));
        Directory.SetLastWriteTimeUtc(set, DateTime.UtcNow.AddDays(-3));

        Assert.That(await _place.DoomedAsync("--yes-unknown"), Is.Empty);
        Assert.That(_place.Told, Has.Some.Contains($"{Id("a")} is kept: menus name it that were replaced on"));
    }

    [Test]
    public async Task I_keep_what_is_held_what_a_session_has_below_it_and_what_a_lock_file_names()
    {
        _place.Publish("held", "session", "locked", "free", "before", "now");
        new PublicationHold(Id("held"), DateTimeOffset.UtcNow, "").Set(_place.Places);
        var session = Directory.CreateDirectory(_place[$"{Places.State}/edits/trixie/.session"]).FullName;
        File.WriteAllText(Path.Combine(session, "session.json"), $"{{ \"base\": \"{Id("session")}\" }}");
        File.WriteAllText(Path.Combine(_place.Recipes, "trixie.lock"), $"generation: {Id("locked")}\n");

        Assert.That(await _place.DoomedAsync("--yes-unknown"), Is.EqualTo(new[] { Id("free") }));

        Directory.Delete(session, recursive: true);
        File.WriteAllText(session, $"base: {Id("free")}\n");
        Assert.That(await _place.DoomedAsync("--yes-unknown"), Is.EqualTo(new[] { Id("session") }));
    }

    [Test]
    public async Task I_keep_as_many_of_the_newest_as_I_say()
    {
        _place.Publish("a", "b", "c", "d", "e");

        Assert.That(await _place.DoomedAsync("--yes-unknown", "--newest=4"), Is.EqualTo(new[] { Id("a") }));
        Assert.That(await _place.DoomedAsync("--yes-unknown", "--newest=5"), Is.Empty);
    }

    [Test]
    public async Task A_gap_in_the_log_makes_what_was_served_meanwhile_unknown()
    {
        _place.Publish("a");
        _place.Load("192.0.2.11", "a");
        _ = await _place.PlanAsync();
        _place.Publish("b");

        // Rotated twice: what was logged in between nobody read.
        File.Move(_place["/var/log/syslog"], _place["/var/log/syslog.2"]);
        _place.Publish("c", "d", "e");
        _place.Load("192.0.2.11", "e");

        Assert.That(await _place.DoomedAsync(), Is.Empty);
    }
}
