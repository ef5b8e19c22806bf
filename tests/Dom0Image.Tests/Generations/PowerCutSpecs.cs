using Dom0Image.Generations;

namespace Dom0Image.Tests.Generations;

/// <summary>What a power cut leaves is decided by what was written out before a name was given to it.</summary>
internal sealed class PowerCutSpecs
{
    [Test]
    public void A_generation_is_written_out_whole_before_it_has_its_name()
    {
        using var sample = new Sample();
        sample.Finish("old");
        using var staged = sample.Begin("next");
        staged.Seal(sample.Parts("next"));
        var (tree, finished) = (staged.Tree, GenerationTree.Finished(sample.Places, staged.Id));
        var (image, tftp) = (All(tree.ImageDirectory), All(tree.TftpDirectory));

        var calls = ThreadCalls.Of(() => staged.Finish());

        var (named, served) = (Named(calls, finished.ImageDirectory), Named(calls, finished.TftpDirectory));
        Assert.That(Synced(calls[..named]), Is.SupersetOf(image));
        Assert.That(Synced(calls[..served]), Is.SupersetOf(tftp));
        Assert.That(served, Is.LessThan(named), "an id among the images says that a generation is whole");
        AssertWrittenOutAfter(calls, finished.ImageDirectory);
        AssertWrittenOutAfter(calls, finished.TftpDirectory);
    }

    [Test]
    public void A_generation_is_written_out_before_it_shares_with_others_and_again_after_it()
    {
        using var sample = new Sample();
        sample.Finish("old");
        using var staged = sample.Begin("next");
        staged.Seal(sample.Parts("next"));
        var facts = Directory.GetFiles(staged.Tree.KernelFacts);

        var calls = ThreadCalls.Of(() => staged.Finish());

        // What both have is tried, whether this file system can share or not.
        var shared = calls.Select((call, at) => (call.Name, at)).Where(call => call.Name == "share").Select(call => call.at).ToList();
        Assert.That(shared, Has.Count.EqualTo(facts.Length));
        Assert.That(Synced(calls[..shared[0]]), Is.SupersetOf(facts));
        Assert.That(Synced(calls[shared[^1]..]), Is.SupersetOf(facts));
    }

    [Test]
    public void Menus_are_written_out_before_hosts_are_given_them()
    {
        using var sample = new Sample();
        sample.Finish("one");
        var request = sample.Request("one");
        Directory.CreateDirectory($"{request.Menus.Directory}/more");

        var calls = ThreadCalls.Of(() => new Publication(sample.Places).Publish(request));

        var set = sample[$"{Places.Menus}/{request.Menus.Key}"];
        var named = Named(calls, set);
        Assert.That(Synced(calls[..named]), Is.SupersetOf(All(set).Select(path => calls[named].From + path[set.Length..])));
        Assert.That(Synced(calls[..named]), Is.SupersetOf(new[] { sample[Places.Images], sample[Places.Tftp] }), "the names of directories that were made");
        AssertWrittenOutAfter(calls, set);
        string[] links = [Places.CurrentKernels, Places.CurrentHypervisors, Places.CurrentRoot, Places.CurrentMenus];
        Assert.That(calls.Where(call => call.Name == "rename").Select(call => call.Path).TakeLast(4), Is.EqualTo(links.Select(link => sample[link])), "the menus last");
        foreach (var link in links)
        {
            AssertWrittenOutAfter(calls, sample[link]);
        }
    }

    // All that has to be written out: a link lies in its directory.
    private static IEnumerable<string> All(string tree)
        => Directory.GetFileSystemEntries(tree, "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).LinkTarget is null).Append(tree);

    private static IEnumerable<string> Synced(IEnumerable<ThreadCall> calls) => calls.Where(call => call.Name == "fsync").Select(call => call.Path);

    private static int Named(ThreadCall[] calls, string name) => Array.FindIndex(calls, call => call.Name == "rename" && call.Path == name);

    private static void AssertWrittenOutAfter(ThreadCall[] calls, string name)
        => Assert.That(calls[Named(calls, name) + 1], Is.EqualTo(new ThreadCall("fsync", Path.GetDirectoryName(name)!)));
}
