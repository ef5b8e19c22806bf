using Dom0Image.Diagnostics;
using Dom0Image.Xen;

namespace Dom0Image.Tests.Xen;

/// <summary>With the real script: ShippedImageSpecs.</summary>
internal sealed class BlockScriptSpecs
{
    private const string Script = "etc/xen/scripts/block";
    private const string Attacher = "usr/lib/dom0image/attach-image";

    [Test]
    public void I_get_what_Xen_attaches_locked_and_the_rest_of_its_script_as_it_is()
    {
        using var root = new TempDirectory();
        root.Write(Attacher, "");
        root.Write(Script, "#!/bin/bash\n        # losetup\n        do_or_die losetup $roflag \"$loopdev\" \"$file\"\n\tlosetup -d \"$node\"\n");

        BlockScript.Apply(root.Path);

        Assert.That(File.ReadAllText(root[Script]), Is.EqualTo(
            "#!/bin/bash\n        # losetup\n        if ! said=$(/usr/lib/dom0image/attach-image $roflag \"$loopdev\" \"$file\" 2>&1); then release_lock \"block\"; ebusy \"$said\"; fi\n\tlosetup -d \"$node\"\n"));
    }

    [Test]
    public void I_am_told_of_a_script_that_attaches_in_another_way()
    {
        using var root = new TempDirectory();
        root.Write(Attacher, "");
        root.Write(Script, "#!/bin/bash\nlosetup --find --show \"$file\"\n");

        var problem = Assert.Throws<BuildFailedException>(() => BlockScript.Apply(root.Path))!.Diagnostics.Single();

        Assert.That(problem.What, Does.Contain("/etc/xen/scripts/block").And.Contain("not known"));
        Assert.That(problem.Hint, Does.Contain("two clients at once"));
    }

    [Test]
    public void I_can_build_an_image_without_Xen_or_without_our_overlay()
    {
        using var root = new TempDirectory();
        root.Write(Script, "anything");

        BlockScript.Apply(root.Path);

        Assert.That(File.ReadAllText(root[Script]), Is.EqualTo("anything"));
    }
}
