using Dom0Image.Posix;

namespace Dom0Image.Tests.Edits;

/// <summary>What an overlay's upper directory says, with real overlays: it is evidence, and not what was meant.</summary>
internal sealed class UpperTreeSpecs
{
    [TestCase("printf b >etc/file", "~ /etc/file")]
    [TestCase("rm etc/file", "- /etc/file")]
    [TestCase("printf a >etc/file", TestName = "A copy-up with the same content is no edit")]
    [TestCase("touch etc/file; chmod 0600 etc/file; chmod 0644 etc/file", TestName = "Neither is a mode that was put back")]
    [TestCase("chmod 0600 etc/file", "~ /etc/file")]
    [TestCase("chown 3:4 etc/file", "~ /etc/file")]
    [TestCase("mkdir etc/new; printf x >etc/new/one", "+ /etc/new", "+ /etc/new/one")]
    [TestCase("rm -r etc/tree", "- /etc/tree", "- /etc/tree/one", "- /etc/tree/sub", "- /etc/tree/sub/two")]
    [TestCase("rm -r etc/tree; mkdir etc/tree; printf 1 >etc/tree/one", "- /etc/tree/sub", "- /etc/tree/sub/two", TestName = "An opaque directory deletes what is gone, and no more")]
    [TestCase("rm -r etc/tree; mkdir -p etc/tree/sub; printf 3 >etc/tree/sub/three", "- /etc/tree/one", "+ /etc/tree/sub/three", "- /etc/tree/sub/two", TestName = "Neither do those in it show what was there")]
    [TestCase("rm etc/link; mkdir etc/link; printf x >etc/link/one", "~ /etc/link", "+ /etc/link/one")]
    [TestCase("rm -r etc/tree; printf x >etc/tree", "~ /etc/tree", "- /etc/tree/one", "- /etc/tree/sub", "- /etc/tree/sub/two")]
    [TestCase("rm etc/link; ln -s other etc/link", "~ /etc/link")]
    [TestCase("printf b >etc/name1", "~ /etc/name1", TestName = "One name of a file was edited, the other is as it was")]
    [TestCase("chmod 0644 etc/name2", TestName = "The second name was touched, and holds what the first one does")]
    [TestCase("printf b >etc/name2", "~ /etc/name2", TestName = "The second name of a file was edited")]
    [TestCase("ln etc/file etc/also", "+ /etc/also")]
    [TestCase("mkfifo etc/pipe", "+ /etc/pipe")]
    [TestCase("mv etc/file etc/renamed", "- /etc/file", "+ /etc/renamed")]
    public void I_am_told_exactly_what_changed(string script, params string[] expected)
    {
        using var bed = Bed();

        bed.Edit(script);

        Assert.That(bed.Changes(), Is.EqualTo(expected));
    }

    [Test]
    public void Attributes_are_part_of_a_state_and_those_of_overlayfs_are_not()
    {
        using var bed = Bed();
        bed.Edit("setfattr -n user.note -v kept etc/file; touch etc/tree/sub/two");

        var layer = bed.Take();

        Assert.That(layer.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/file" }));
        Assert.That(layer.Paths[0].Old!.Xattrs, Is.Null);
        Assert.That(layer.Paths[0].New!.Xattrs!.Keys, Is.EqualTo(new[] { "user.note" }));
    }

    [Test]
    public void A_directory_of_the_image_is_not_renamed_and_the_program_is_told()
    {
        using var bed = Bed();

        bed.Edit("python3 -c 'import os, errno\ntry:\n    os.rename(\"etc/tree\", \"etc/moved\")\nexcept OSError as problem:\n    assert problem.errno == errno.EXDEV\nelse:\n    raise SystemExit(1)'; mv etc/tree etc/moved");

        Assert.That(bed.Changes(), Is.EqualTo(new[] { "+ /etc/moved", "+ /etc/moved/one", "+ /etc/moved/sub", "+ /etc/moved/sub/two", "- /etc/tree", "- /etc/tree/one", "- /etc/tree/sub", "- /etc/tree/sub/two" }));
    }

    [Test]
    public void Names_that_are_no_text_are_kept_byte_by_byte()
    {
        using var bed = Bed();

        bed.Edit("printf x >\"etc/$(printf 'a\\377')\"");

        Assert.That(bed.Take().Paths.Select(path => ByteName.ToBytes(path.Path)), Is.EqualTo(new[] { "/etc/a\xff"u8.ToArray()[..^2].Append((byte)0xff).ToArray() }));
    }

    private static EditBed Bed()
    {
        var bed = new EditBed();
        bed.Lower("printf a >etc/file; mkdir -p etc/tree/sub; printf 1 >etc/tree/one; printf 2 >etc/tree/sub/two; ln -s file etc/link; printf n >etc/name1; ln etc/name1 etc/name2");
        return bed;
    }
}
