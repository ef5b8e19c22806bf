using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Tests.Store;

namespace Dom0Image.Tests.Edits;

/// <summary>What is kept of edits, on the disk.</summary>
internal sealed class LayerStoreSpecs
{
    [Test]
    public async Task I_find_what_I_kept_in_the_order_in_which_it_applies_and_nobody_else_can_read_it()
    {
        using var temp = new TempDirectory();
        var store = new LayerStore(new Places(temp.Path), "sample");
        using var held = await store.LockAsync(new Recorder(), CancellationToken.None);
        Keep(store, "one", "content");
        Keep(store, "two", "other");

        Assert.That(store.List().Select(layer => (layer.Layer.Name, layer.Layer.Why)), Is.EqualTo(new[] { ("0001", "one"), ("0002", "two") }));
        Assert.That(store.NextName(), Is.EqualTo("0003"));
        Assert.That(KeptLayer.Write(store.Find("0001").Layer), Is.EqualTo(File.ReadAllBytes(Path.Combine(store.Home, "0001", "layer.json"))), "it is read as it was written");
        Assert.That(
            FileNode.Get(temp["var/lib/dom0image/edits"]).Below().Where(node => (node.Mode & 0b111_111) != 0 && node.Name != ".lock").Select(node => node.Path),
            Is.Empty);
    }

    [Test]
    public async Task I_can_drop_one_and_am_told_of_a_name_that_there_is_not()
    {
        using var temp = new TempDirectory();
        var store = new LayerStore(new Places(temp.Path), "sample");
        using var held = await store.LockAsync(new Recorder(), CancellationToken.None);
        Keep(store, "one", "content");

        Assert.That(() => store.Drop("0002", _ => { }), Throws.TypeOf<BuildFailedException>().With.Message.Contains("has no layer '0002'; expected one of 0001"));
        store.Drop("0001", _ => { });

        Assert.That(store.List(), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(store.Home).Select(Path.GetFileName), Is.EqualTo(new[] { ".lock" }));
    }

    [Test]
    public async Task A_second_edit_is_refused_with_the_process_of_the_first_one_until_that_is_killed()
    {
        using var temp = new TempDirectory();
        using var first = HostProcess.Start([], "hold-edit", temp.Path);
        Assert.That(first.ReadLine(), Is.EqualTo("held"));
        var store = new LayerStore(new Places(temp.Path), "sample");

        Assert.That(
            async () => await store.LockAsync(new Recorder(), CancellationToken.None),
            Throws.TypeOf<BuildFailedException>().With.Message.Contains($"recipe sample is being edited: process {first.Id}, running since "));
        using (await new LayerStore(new Places(temp.Path), "other").LockAsync(new Recorder(), CancellationToken.None))
        {
        }

        first.Kill();
        using var mine = await store.LockAsync(new Recorder(), CancellationToken.None);
        Assert.That(mine, Is.Not.Null);
    }

    [Test]
    public async Task A_kill_at_any_step_leaves_a_whole_layer_or_none()
    {
        using var whole = new TempDirectory();
        var steps = KillSteps.Record("keep-layer", whole.Path);
        var (kept, none) = (0, 0);
        foreach (var step in steps)
        {
            using var temp = new TempDirectory();
            KillSteps.Kill(step, "keep-layer", temp.Path);

            var store = new LayerStore(new Places(temp.Path), "sample");
            foreach (var layer in store.List())
            {
                Assert.That(File.ReadAllText(layer.ContentOf(new string('a', 64))), Is.EqualTo("content"), $"{step}");
                Assert.That(File.ReadAllText(Path.Combine(layer.Directory, "log")), Is.EqualTo("true\n"), $"{step}");
                kept++;
            }

            none += store.List().IsEmpty ? 1 : 0;
            using var held = await store.LockAsync(new Recorder(), CancellationToken.None);
            Keep(store, "next", "content");
            Assert.That(Directory.GetFileSystemEntries(store.Home, ".*").Select(Path.GetFileName), Is.EqualTo(new[] { ".lock" }), $"{step}: the next edit clears what was left");
        }

        Assert.That(kept, Is.Positive);
        Assert.That(none, Is.GreaterThan(3));
    }

    [Test]
    public async Task A_kill_while_one_is_dropped_leaves_it_whole_or_not_at_all()
    {
        using var whole = new TempDirectory();
        Assert.That(HostProcess.Run([], "keep-layer", whole.Path).Output, Is.EqualTo("kept 0001\n"));
        var steps = KillSteps.Record("drop-layer", whole.Path, "0001");
        foreach (var step in steps)
        {
            using var temp = new TempDirectory();
            _ = HostProcess.Run([], "keep-layer", temp.Path);
            KillSteps.Kill(step, "drop-layer", temp.Path, "0001");

            var store = new LayerStore(new Places(temp.Path), "sample");
            Assert.That(store.List().All(layer => File.Exists(layer.ContentOf(new string('a', 64)))), $"{step}");
            using var held = await store.LockAsync(new Recorder(), CancellationToken.None);
            Assert.That(Directory.GetFileSystemEntries(store.Home, ".dropped-*"), Is.Empty, $"{step}");
        }
    }

    [Test]
    public async Task I_can_carry_layers_to_another_server_and_a_damaged_one_is_refused()
    {
        using var temp = new TempDirectory();
        var (here, there) = (new LayerStore(new Places(temp["here"]), "sample"), new LayerStore(new Places(temp["there"]), "sample"));
        using var one = await here.LockAsync(new Recorder(), CancellationToken.None);
        using var other = await there.LockAsync(new Recorder(), CancellationToken.None);
        var content = Keep(here, "one", "content");

        Assert.That(new LayerCarrier(here).Export(temp["carried"]), Is.EqualTo(new[] { "0001" }));
        Assert.That(new LayerCarrier(here).Export(temp["carried"]), Is.EqualTo(new[] { "0001" }), "again, in its place");
        var damaged = temp[$"carried/0001/contents/{content}"];
        File.WriteAllText(damaged, "another");
        Assert.That(() => new LayerCarrier(there).Import(temp["carried"]), Throws.TypeOf<BuildFailedException>().With.Message.Contains($"'{damaged}' is missing or damaged"));
        Assert.That(there.List(), Is.Empty);
        File.WriteAllText(damaged, "content");
        Assert.That(new LayerCarrier(there).Import(temp["carried"]), Is.EqualTo(new[] { "0001" }));
        Assert.That(new LayerCarrier(there).Import(temp["carried"]), Is.Empty, "it is here");

        Assert.That(KeptLayer.Write(there.Find("0001").Layer), Is.EqualTo(KeptLayer.Write(here.Find("0001").Layer)));
        Assert.That(() => new LayerCarrier(new LayerStore(new Places(temp["there"]), "other")).Import(temp["carried"]), Throws.TypeOf<BuildFailedException>().With.Message.Contains("is one of recipe sample"));
    }

    private static string Keep(LayerStore store, string why, string content)
    {
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        store.Keep(
            new Layer(store.NextName(), store.Recipe, "sample-0123456789ab", why, "a", DateTimeOffset.UnixEpoch)
            {
                Paths = [new LayerPath("/etc/issue", null, new ManifestEntry { Path = "/etc/issue", Type = FileType.File, Mode = "0644", Sha256 = sum })],
            },
            staged => FileChange.MakeFile(Path.Combine(staged, "contents", sum), Encoding.UTF8.GetBytes(content), 384));
        return sum;
    }
}
