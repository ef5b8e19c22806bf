using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.Edits;

/// <summary>What becomes of an edit when the base below it changes.</summary>
internal sealed class LayerMergeSpecs
{
    private Editing _editing = null!;

    private Tree Edit => _editing.Edit;

    private Tree Base => _editing.Base;

    [SetUp]
    public void Begin()
    {
        _editing = new Editing();
        _editing.Old.File("/etc/one", "one\n").File("/etc/two", "two\n").File("/etc/dir/x", "x\n").File("/etc/dir/y", "y\n").Link("/etc/link", "one");
        _editing.Begin();
    }

    [TearDown]
    public void End() => _editing.Dispose();

    [Test]
    public void I_find_my_edit_again_where_the_base_is_as_it_was_with_owner_mode_and_attributes()
    {
        Edit.File("/etc/one", "mine\n", "4750", 12, 34).Delete("/etc/two").Link("/etc/link", "two").Dir("/srv/new", "1777", 1, 2).File("/srv/new/deep", "deep\n");
        FileChange.MakeNode(Edit.Root + "/srv/pipe", FileType.Fifo, 0);
        FileChange.MakeNode(Edit.Root + "/srv/null", FileType.CharacterDevice, DeviceNumber.Parse("1:3"));
        Assert.That(Mono.Unix.Native.Syscall.lsetxattr(Edit.Root + "/etc/one", "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000")), Is.Zero);

        var report = _editing.KeepAndApply();

        Assert.That(report.Conflicts, Is.Empty);
        Assert.That(Base.States(), Is.EqualTo(Edit.States()));
        Assert.That(DeviceNumber.Of(Base.Find("/srv/null")!.Value.Device), Is.EqualTo("1:3"));
        Assert.That(ExtendedAttributes.Of(Base.Root + "/etc/one").Select(attribute => attribute.Name), Does.Contain("security.capability"));
    }

    [Test]
    public void I_am_told_what_the_base_has_already()
    {
        Edit.File("/etc/one", "mended\n");
        Base.File("/etc/one", "mended\n");

        var report = _editing.KeepAndApply();

        Assert.That(report.Conflicts, Is.Empty);
        Assert.That(report.Notes, Is.EqualTo(new[] { "edit 0001: the base has it already: /etc/one" }));
    }

    [Test]
    public void I_am_shown_a_conflict_with_its_three_states_the_difference_and_the_commands_that_settle_it()
    {
        Edit.File("/etc/one", "one\nmine\n");
        Base.File("/etc/one", "one\ntheirs\n");

        var report = _editing.KeepAndApply();

        var told = ConflictText.NotPublished("small-1", "small", report.Conflicts).Message;
        Assert.Multiple(() =>
        {
            Assert.That(Base.Read("/etc/one"), Is.EqualTo("one\ntheirs\n"), "the base's stays");
            Assert.That(told, Does.Contain("/etc/one: edit and base have both changed it"));
            Assert.That(told, Does.Contain("-theirs").And.Contain("+mine"));
            Assert.That(told, Does.Contain("./build.sh --target=Edits --recipe=small --answer=mine --path=/etc/one"));
            Assert.That(told, Does.Contain("--path=/etc/one --merged=FILE"));
            Assert.That(told, Does.Contain("generation small-1 is ready"));
        });
    }

    [TestCase("mine", "one\nmine\n")]
    [TestCase("base", "one\ntheirs\n")]
    public void I_settle_a_conflict_and_am_asked_again_when_another_base_comes(string answer, string expected)
    {
        Edit.File("/etc/one", "one\nmine\n");
        Base.File("/etc/one", "one\ntheirs\n");
        var another = _editing.Copy(Base, "another").File("/etc/one", "one\nmended for security\n");
        _editing.KeepAndApply();

        Desk.Serve("/etc/one", answer, null, new Store.Recorder());
        var settled = _editing.Apply(KeptLayers.Read(_editing.Layers).Single());
        var asked = _editing.Apply(KeptLayers.Read(_editing.Layers).Single(), another);

        Assert.That(settled.Conflicts, Is.Empty);
        Assert.That(Base.Read("/etc/one"), Is.EqualTo(expected));
        Assert.That(OpenConflicts.Read(_editing.Layers), Is.Empty);
        Assert.That(asked.Conflicts.Select(conflict => conflict.What), Is.EqualTo(new[] { "/etc/one" }));
        Assert.That(another.Read("/etc/one"), Is.EqualTo("one\nmended for security\n"));
    }

    [Test]
    public void I_settle_a_conflict_with_a_file_that_I_merged()
    {
        Edit.File("/etc/one", "one\nmine\n", "0600", 3);
        Base.File("/etc/one", "one\ntheirs\n");
        _editing.KeepAndApply();
        using var temp = new TempDirectory();

        Desk.Serve("/etc/one", null, temp.Write("merged", "one\ntheirs\nmine\n"), new Store.Recorder());
        var settled = _editing.Apply(KeptLayers.Read(_editing.Layers).Single());

        Assert.That(settled.Conflicts, Is.Empty);
        Assert.That(Base.Read("/etc/one"), Is.EqualTo("one\ntheirs\nmine\n"));
        Assert.That((Base.Find("/etc/one")!.Value.Mode, Base.Find("/etc/one")!.Value.Uid), Is.EqualTo((0b110_000_000, 3u)));
    }

    [Test]
    public void I_am_told_when_I_answer_what_is_no_conflict_or_in_a_way_that_does_not_settle_it()
    {
        Edit.File("/etc/dir/new", "new\n");
        Base.Delete("/etc/dir").Link("/etc/dir", "/usr");
        _editing.KeepAndApply();

        Assert.That(Assert.Throws<BuildFailedException>(() => Desk.Serve("/etc/dir/nwe", "mine", null, new Store.Recorder()))!.Message, Does.Contain("no edit").And.Contain("/etc/dir/new"));
        Assert.That(Assert.Throws<BuildFailedException>(() => Desk.Serve("/etc/dir/new", "mine", null, new Store.Recorder()))!.Message, Does.Contain("a link to /usr").And.Contain("expected base"));
        Assert.That(Assert.Throws<BuildFailedException>(() => Desk.Serve(null, "mine", null, new Store.Recorder()))!.Message, Does.Contain("--path"));
    }

    [Test]
    public void A_directory_that_I_deleted_stays_where_the_base_put_something_into_it_until_I_say_so()
    {
        Edit.Delete("/etc/dir");
        Base.File("/etc/dir/z", "new in the base\n");

        var report = _editing.KeepAndApply();

        Assert.That(report.Conflicts.Select(conflict => conflict.What), Is.EqualTo(new[] { "/etc/dir" }));
        Assert.That(report.Conflicts[0].Reason, Does.Contain("/etc/dir/z"));
        Assert.That(Base.Find("/etc/dir/z"), Is.Not.Null);

        Desk.Serve("/etc/dir", "mine", null, new Store.Recorder());
        Assert.That(_editing.Apply(KeptLayers.Read(_editing.Layers).Single()).Conflicts, Is.Empty);
        Assert.That(Base.Find("/etc/dir"), Is.Null);
    }

    [Test]
    public void A_directory_goes_with_all_that_is_in_it_when_I_say_so()
    {
        Edit.Delete("/etc/dir");
        Base.File("/etc/dir/x", "changed in the base\n");
        var again = _editing.Copy(Base, "again");
        _editing.KeepAndApply();

        Desk.Serve("/etc/dir", "mine", null, new Store.Recorder());
        var settled = _editing.Apply(KeptLayers.Read(_editing.Layers).Single(), again);

        Assert.That(settled.Conflicts, Is.Empty);
        Assert.That(again.Find("/etc/dir"), Is.Null);
    }

    [Test]
    public void A_file_whose_directory_is_gone_or_a_link_now_is_a_conflict_and_nothing_is_written_through_the_link()
    {
        using var outside = new TempDirectory();
        Edit.File("/etc/dir/x", "mine\n").File("/etc/sub/new", "new\n").File("/etc/more/new", "new\n");
        Base.Delete("/etc/dir").Link("/etc/dir", outside.Path);
        _editing.Old.Dir("/etc/sub");
        Base.Link("/etc/more", outside.Path);

        var report = _editing.KeepAndApply();

        Assert.That(report.Conflicts.Select(conflict => conflict.What), Is.EqualTo(new[] { "/etc/dir/x", "/etc/more", "/etc/more/new", "/etc/sub/new" }));
        Assert.That(Directory.GetFileSystemEntries(outside.Path), Is.Empty);
    }

    [Test]
    public void A_file_that_became_a_directory_or_the_other_way_round_is_a_conflict()
    {
        Edit.File("/etc/one", "mine\n").File("/etc/dir/x", "mine\n");
        Base.Delete("/etc/one").File("/etc/one/within", "theirs\n").Delete("/etc/dir").File("/etc/dir", "theirs\n");

        var report = _editing.KeepAndApply();

        Assert.That(report.Conflicts.Select(conflict => conflict.What), Is.EqualTo(new[] { "/etc/dir/x", "/etc/one" }));
    }

    [Test]
    public void Another_name_of_a_file_that_I_edited_keeps_what_it_had()
    {
        _editing.Dispose();
        _editing = new Editing();
        _editing.Old.File("/bin/one", "program\n").Name("/bin/twin", "/bin/one");
        _editing.Begin();
        Edit.Delete("/bin/one").File("/bin/one", "mine\n");

        Assert.That(_editing.KeepAndApply().Conflicts, Is.Empty);

        Assert.That((Base.Read("/bin/one"), Base.Read("/bin/twin")), Is.EqualTo(("mine\n", "program\n")));
    }

    [Test]
    public void A_further_name_that_I_made_is_one_of_the_file_unless_that_is_another_now()
    {
        LayerPath Further(string path, string of) => new(path, null, PathState.Of(_editing.Old.Root, of)! with { Path = path, SameFileAs = of });
        var layer = _editing.Keep();
        layer = layer with { Layer = layer.Layer with { Paths = [Further("/etc/first", "/etc/one"), Further("/etc/second", "/etc/two")] } };
        Base.File("/etc/two", "theirs\n");

        var report = _editing.Apply(layer);

        Assert.That(Base.Find("/etc/first")!.Value.Inode, Is.EqualTo(Base.Find("/etc/one")!.Value.Inode));
        Assert.That(report.Conflicts.Select(conflict => conflict.What), Is.EqualTo(new[] { "/etc/second" }));
        Assert.That(_editing.Apply(layer).Notes, Has.Some.Contains("has it already: /etc/first"));
    }

    [Test]
    public void A_layer_of_before_there_was_a_setting_is_read_as_one_without_it()
    {
        var layer = _editing.Keep();
        File.WriteAllText(Path.Combine(layer.Directory, KeptLayer.FileName), """{ "name": "0001", "recipe": "small", "base": "small-1", "why": "w", "who": "me", "when": "2026-01-01T00:00:00+00:00", "settings": { "users": [] } }""");

        Assert.That(_editing.Apply(KeptLayer.Read(layer.Directory)).Conflicts, Is.Empty);
        Assert.That(KeptLayer.Read(layer.Directory).Layer.IsEmpty);
    }

    [Test]
    public void A_later_edit_goes_on_from_where_the_earlier_one_ended()
    {
        Edit.File("/etc/one", "first\n");
        var second = _editing.Copy(Edit, "second").File("/etc/one", "second\n").File("/etc/three", "three\n");
        _editing.Keep("0001");
        _editing.Keep("0002", Edit, second);

        var reports = KeptLayers.Read(_editing.Layers).Select(layer => _editing.Apply(layer)).ToList();

        Assert.That(reports.SelectMany(report => report.Conflicts), Is.Empty);
        Assert.That(Base.States(), Is.EqualTo(second.States()));
    }

    [Test]
    public void I_am_told_which_edits_no_client_would_see()
    {
        _editing.Flash = TestImage.List(TestImage.Entry("/var/log", start: FlashStart.Empty), TestImage.Entry("/etc", start: FlashStart.Content));
        Edit.File("/var/log/old", "log\n").File("/etc/ssh/ssh_host_rsa_key", "secret\n").File("/etc/one", "mine\n");

        var report = _editing.KeepAndApply();

        Assert.That(Base.Read("/etc/one"), Is.EqualTo("mine\n"));
        Assert.That(Base.Find("/var/log/old"), Is.Null);
        Assert.That(Base.Find("/etc/ssh/ssh_host_rsa_key"), Is.Null);
        Assert.That(report.Notes, Has.Some.Contains("/var/log").And.Some.Contains("ssh_host_rsa_key"));
    }

    [Test]
    public void A_content_that_was_lost_or_changed_is_told_and_not_written()
    {
        Edit.File("/etc/one", "mine\n");
        var layer = _editing.Keep();
        var content = Directory.GetFiles(Path.Combine(layer.Directory, "contents")).Single();
        File.WriteAllText(content, "other\n");

        Assert.That(Assert.Throws<BuildFailedException>(() => _editing.Apply(layer))!.Message, Does.Contain("0001").And.Contain("/etc/one"));
        Assert.That(Base.Read("/etc/one"), Is.EqualTo("one\n"));
    }

    private ConflictDesk Desk => new(_editing.Layers, "small");
}
