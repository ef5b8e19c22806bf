using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;
using Dom0Image.Verification;
using Mono.Unix.Native;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

/// <summary>Accounts keep their ids, in whatever order packages are installed.</summary>
internal sealed class AccountIdsSpecs
{
    private const string Passwd = "root:x:0:0::/root:/bin/sh\nxend:x:107:109::/:/bin/false\nsshd:x:992:65534::/run/sshd:/bin/false\nmysql:x:994:994::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n";
    private const string Group = "root:x:0:\nadm:x:4:\nxend:x:109:sshd\nmysql:x:994:\n_ssh:x:101:\n";

    private TempDirectory _temp = null!;
    private TestImage _image = null!;

    [SetUp]
    public void Make()
    {
        _temp = new TempDirectory();
        _image = new TestImage();
        _image.File("/etc/passwd", Passwd);
        _image.File("/etc/group", Group);
    }

    [TearDown]
    public void Delete()
    {
        _image.Dispose();
        _temp.Dispose();
    }

    [Test]
    public void I_can_give_accounts_ids_that_hold_in_every_image_and_two_that_change_places()
    {
        _image.Dir("/var/lib/mysql", Mode("0750"), 994, 994);
        _image.File("/var/lib/mysql/data", "", Mode("0640"), 994, 994);
        _image.File("/var/lib/sshd", "", Mode("0600"), 992, 0);
        _image.File("/var/lib/others", "", Mode("0644"), 107, 4);
        Assert.That(Syscall.symlink("nowhere", _image.Root + "/var/lib/mysql/link"), Is.Zero);
        FileChange.SetOwner(_image.Root + "/var/lib/mysql/link", 994, 0);

        Apply("user sshd 994\nuser mysql 992\ngroup mysql 300\n");

        Assert.Multiple(() =>
        {
            Assert.That(_image.Read("/etc/passwd"), Is.EqualTo(Passwd.Replace("sshd:x:992", "sshd:x:994").Replace("mysql:x:994:994", "mysql:x:992:300")));
            Assert.That(_image.Read("/etc/group"), Is.EqualTo(Group.Replace("mysql:x:994", "mysql:x:300")));
            Assert.That(Owner("/var/lib/mysql"), Is.EqualTo((992, 300)));
            Assert.That(Owner("/var/lib/mysql/data"), Is.EqualTo((992, 300)));
            Assert.That(Owner("/var/lib/mysql/link"), Is.EqualTo((992, 0)));
            Assert.That(Owner("/var/lib/sshd"), Is.EqualTo((994, 0)));
            Assert.That(Owner("/var/lib/others"), Is.EqualTo((107, 4)));
            Assert.That(new AccountComparison(Ids("user sshd 994\nuser mysql 992\ngroup mysql 300\n")).Check(_image.Root), Is.Empty);
        });
    }

    [Test]
    public void A_file_of_two_names_is_renumbered_once_and_keeps_set_gid_capabilities_and_ACLs()
    {
        byte[] capability = [1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] acl = [2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 2, 0, 6, 0, 224, 3, 0, 0, 4, 0, 5, 0, 255, 255, 255, 255, 8, 0, 4, 0, 109, 0, 0, 0, 16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 5, 0, 255, 255, 255, 255];
        var agent = _image.File("/usr/lib/agent", "", Mode("2755"), 992, 101);
        Assert.That(Syscall.link(agent, _image.Root + "/usr/lib/twin"), Is.Zero);
        Assert.That(Syscall.lsetxattr(agent, "security.capability", capability), Is.Zero);
        var shared = _image.Dir("/var/lib/shared", Mode("0775"));
        Assert.That(Syscall.lsetxattr(shared, "system.posix_acl_access", acl), Is.Zero);

        Apply("user sshd 994\nuser mysql 992\ngroup xend 101\ngroup _ssh 109\n");

        Assert.That(Syscall.lgetxattr(agent, "security.capability", out var kept), Is.EqualTo(capability.Length));
        Assert.That(Syscall.lgetxattr(shared, "system.posix_acl_access", out var renumbered), Is.EqualTo(acl.Length));
        Assert.Multiple(() =>
        {
            Assert.That(Owner("/usr/lib/agent"), Is.EqualTo((994, 109)));
            Assert.That(_image.Find("/usr/lib/agent")!.Value.Mode, Is.EqualTo(Mode("2755")));
            Assert.That(kept, Is.EqualTo(capability));
            Assert.That(renumbered[16..18], Is.EqualTo(new byte[] { 226, 3 }), "user 992 is 994");
            Assert.That(renumbered[32..34], Is.EqualTo(new byte[] { 101, 0 }), "group 109 is 101");
        });
    }

    [Test]
    public void I_am_proposed_the_lines_that_are_missing_and_an_account_without_one_makes_room()
    {
        var plan = Plan("# ours\nuser backup-of-last-year 992\nuser sshd 994\n\ngroup mysql 994\n");

        Assert.That(plan.Users, Is.EqualTo(new Dictionary<uint, uint> { [992] = 994, [994] = 999 }));
        Assert.That(plan.Groups, Is.Empty);
        Assert.That(plan.Proposed, Is.EqualTo(new[] { "user xend 107", "user mysql 999", "group _ssh 101", "group xend 109" }));
        Assert.That(Plan(string.Join('\n', plan.Proposed) + "\nuser sshd 994\ngroup mysql 994\n").Proposed, Is.Empty, "once they are in the file");
    }

    [Test]
    public void I_am_told_each_wrong_line_at_its_place()
    {
        var problem = Assert.Throws<BuildFailedException>(() => Ids("user sshd\nuser daemon 0\nuser a 105\nuser a 106\nuser b 105\ngroup b 105\nservice b 107\n"))!;

        var file = _temp["accounts"];
        Assert.That(problem.Diagnostics.Select(d => $"{d}"), Is.EqualTo(new[]
        {
            $"{file}:1:1: 'user sshd' gives no id to an account; expected 'user' or 'group', a name and a number, such as 'user sshd 994'",
            $"{file}:2:1: user 'daemon' cannot have the id 0; expected a number from 1 to 59999; the others are the same in every system",
            $"{file}:4:1: user 'a' has an id already, in line 3",
            $"{file}:5:1: the id 105 is user 'a''s already, in line 3; expected each id once",
            $"{file}:7:1: 'service b 107' gives no id to an account; expected 'user' or 'group', a name and a number, such as 'user sshd 994'",
        }));
    }

    [Test]
    public void I_am_told_when_a_line_would_give_an_account_the_id_that_is_anothers_everywhere()
    {
        var problem = Assert.Throws<BuildFailedException>(() => Plan("group xend 4\n"))!;

        Assert.That(problem.Message, Is.EqualTo($"{_temp["accounts"]}:1:1: group 'xend' cannot have the id 4: it is 'adm' in every system of the suite"));
    }

    [Test]
    public void I_am_told_when_an_overlay_brings_other_ids()
    {
        var found = new AccountComparison(Ids("user sshd 994\n")).Check(_image.Root);

        Assert.That(found.Select(f => $"{f}"), Is.EqualTo(new[] { $"/etc/passwd: gives user 'sshd' the id 992, and {_temp["accounts"]}:1:1 says 994 [account-id]. An overlay brings this file, or the line was changed after the base layer was made" }));
    }

    [Test]
    public void I_am_told_before_an_id_of_what_is_published_becomes_another_accounts()
    {
        using var published = new TestImage();
        published.File("/etc/passwd", "root:x:0:0::/:\nsshd:x:994:65534::/:\nold:x:107:107::/:\nxend:x:108:109::/:\n");
        published.File("/etc/group", Group);

        Assert.That(Shifts(""), Is.EqualTo(new[] { "user 'old' 107", "user 'sshd' 994", "user 'xend' 108" }));
        Assert.That(Shifts("user sshd 994\n"), Is.EqualTo(new[] { "user 'old' 107", "user 'xend' 108" }), "what lines say is for the other check");
        Assert.That(Shifts("user sshd 994\nuser xend 107\n"), Is.Empty, "a line may give an id away");
        Assert.That(new AccountComparison(Ids("user sshd 992\n")).Changes(_image.Root, published.Root, "trixie-1").Single(), Does.StartWith("user 'sshd' is 992 from now on, as ").And.Contain("was 994 in generation trixie-1"));

        IEnumerable<string> Shifts(string lines) => new AccountComparison(Ids(lines)).CheckShifts(_image.Root, published.Root, "trixie-1")
            .Select(f =>
            {
                Assert.That(f.What, Does.Contain("in generation trixie-1").And.Contain("would change hands"));
                var words = f.Hint!.Split('\'')[1].Split(' ');
                return $"{words[0]} '{words[1]}' {words[2]}";
            });
    }

    [Test]
    public void I_go_back_to_no_generation_that_stands_when_an_id_would_become_another_accounts()
    {
        using var prefix = new TempDirectory();
        var places = new Places(prefix.Path);
        foreach (var (id, account) in new[] { ("trixie-1", "first"), ("trixie-2", "second") })
        {
            prefix.Write($"opt/ondemand/generations/{id}/root/etc/passwd", $"root:x:0:0::/:\n{account}:x:105:65534::/:\n");
            prefix.Write($"opt/ondemand/generations/{id}/root/etc/group", "root:x:0:\n");
        }

        File.CreateSymbolicLink(places.OnDisk(Places.CurrentRoot), "generations/trixie-2/root");
        var review = new AccountReview(AccountIds.None, AccountPlan.For(AccountIds.None, "", ""), places);

        Assert.That(() => review.RequireNoShifts("trixie-2"), Throws.Nothing);
        Assert.That(() => review.RequireNoShifts("trixie-1"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("'first' the id 105 of 'second'"));
    }

    private void Apply(string lines) => AccountRenumbering.Apply(_image.Root, Plan(lines));

    private AccountPlan Plan(string lines) => AccountPlan.For(Ids(lines), _image.Read("/etc/passwd"), _image.Read("/etc/group"));

    private AccountIds Ids(string lines)
    {
        File.WriteAllText(_temp["accounts"], lines);
        return AccountIds.Read(_temp["accounts"]);
    }

    private (int User, int Group) Owner(string path) => _image.Find(path) is { } node ? ((int)node.Uid, (int)node.Gid) : default;
}
