using Dom0Image.Recipes;

namespace Dom0Image.Tests.Edits;

/// <summary>Edits below <c>/flash</c>, by the names that paths have before they move there.</summary>
internal sealed class FlashNamesSpecs
{
    private static readonly FlashEntry[] List =
    [
        new("/etc/ssh", FlashKind.Directory, 493, "root", "root", FlashStart.Content),
        new("/etc/resolv.conf", FlashKind.File, 420, "root", "root", FlashStart.Empty),
        new("/etc/motd", FlashKind.File, 420, "root", "root", FlashStart.Content),
        new("/var/spool", FlashKind.Directory, 493, "root", "root", FlashStart.Tree),
        new("/root", FlashKind.Directory, 448, "root", "root", FlashStart.Content),
    ];

    [TestCase("printf 'Port 23\\n' >etc/ssh/sshd_config", "/etc/ssh/sshd_config")]
    [TestCase("sed -i s/22/23/ etc/ssh/sshd_config", "/etc/ssh/sshd_config")]
    [TestCase("rm etc/motd; printf new >etc/motd", "/etc/motd", TestName = "What takes the place of a link stands against what it led to")]
    [TestCase("rm etc/motd; printf old >etc/motd", TestName = "And is no edit when it is the same")]
    [TestCase("printf x >flash/root/.profile", "/root/.profile")]
    public void What_starts_with_content_is_kept(string script, params string[] kept)
    {
        using var bed = Bed();

        bed.Edit(script);

        var edit = bed.Take();
        Assert.That(edit.Paths.Select(path => path.Path), Is.EqualTo(kept));
        Assert.That(edit.Unkept, Is.Empty);
        Assert.That(edit.Paths.Where(path => path.Path is not "/root/.profile").Select(path => path.Old!.Path), Is.EqualTo(kept.Where(path => path is not "/root/.profile")));
        Assert.That(edit.Contents.Keys, Is.EqualTo(edit.Paths.Select(path => path.New!.Sha256)));
    }

    [TestCase("printf 'nameserver 192.0.2.1\\n' >flash/etc/resolv.conf", "/etc/resolv.conf", "clients start with an empty /etc/resolv.conf")]
    [TestCase("rm etc/resolv.conf; printf x >etc/resolv.conf", "/etc/resolv.conf", "its link to /flash/etc/resolv.conf is made anew")]
    [TestCase("printf x >flash/var/spool/job", "/var/spool/job", "clients start with the directories of /var/spool alone")]
    [TestCase("printf x >flash/mine", "/mine", "clients cover it with their RAM")]
    [TestCase("rm etc/ssh", "/etc/ssh", "the link to /flash/etc/ssh is made anew")]
    public void What_no_client_would_see_is_named_and_not_kept(string script, string path, string why)
    {
        using var bed = Bed();

        bed.Edit(script);

        var edit = bed.Take();
        Assert.That(edit.Paths, Is.Empty);
        Assert.That(edit.Unkept.Single().Path, Is.EqualTo(path));
        Assert.That(edit.Unkept.Single().Why, Does.Contain(why));
    }

    private static EditBed Bed()
    {
        var bed = new EditBed { Flash = List };
        bed.Lower("mkdir -p flash/etc/ssh flash/var/spool flash/root; printf 'Port 22\\n' >flash/etc/ssh/sshd_config; : >flash/etc/resolv.conf; printf old >flash/etc/motd; rmdir root; ln -s /flash/root root; ln -s /flash/var/spool var/spool; for f in etc/resolv.conf etc/motd; do ln -s /flash/$f $f; done; ln -s ../flash/etc/ssh etc/ssh");
        return bed;
    }
}
