using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Generations;

/// <summary>A generation that will not fit is not begun.</summary>
internal sealed class PublicationRoomSpecs
{
    private const long Mebibyte = 1 << 20;

    [Test]
    public void I_am_told_that_a_generation_will_not_fit_and_what_could_go()
    {
        using var disk = new SmallDisk(mebibytes: 4);
        using var sample = new Sample(disk.Path);
        sample.Finish("forgotten");
        sample.Finish("forgotten later");
        sample.Finish("before");
        sample.Publish("before", "0123456789ab");
        sample.Finish("now");
        sample.Publish("now", "0123456789ac");

        Assert.That(() => PublicationRoom.Check(sample.Places, "next", new GenerationSize(Mebibyte, Mebibyte)), Throws.Nothing);
        var problem = Assert.Throws<BuildFailedException>(() => PublicationRoom.Check(sample.Places, "next", new GenerationSize(3 * Mebibyte, 2 * Mebibyte)))!;

        var told = problem.Diagnostics.Single();
        Assert.That(told.What, Does.Match("^there is no room for another generation of next: it takes 5.2 MB, and '.*/opt/ondemand/generations' has [0-9.]+ MB free on the file system at "));
        Assert.That(told.Hint!.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0), Is.EqualTo(new[]
        {
            "No menu names these; ./build.sh --target=Prune deletes those that no client may run any more:",
            Line("forgotten"),
            Line("forgotten later"),
            "Only menus that were replaced name these; clients that booted by them may run:",
            Line("before"),
        }));

        string Line(string name)
        {
            var id = Sample.IdOf(name);
            return $"{id}   ({new FileInfo($"{sample[Places.Generations]}/{id}/root/version").Length} B, made on {DateTime.UtcNow:yyyy-MM-dd})";
        }
    }

    [Test]
    public void I_am_told_that_nothing_can_go_where_all_is_in_use()
    {
        using var disk = new SmallDisk(mebibytes: 2);
        using var sample = new Sample(disk.Path);
        sample.Finish("now");
        sample.Publish("now", "0123456789ab");
        disk.Fill();

        var problem = Assert.Throws<BuildFailedException>(() => PublicationRoom.Check(sample.Places, "next", new GenerationSize(1, 0)))!;

        Assert.That(problem.Message, Does.Contain("has 0 B free").And.EndWith("Every generation is in use; free some space there."));
    }

    [Test]
    public void I_am_told_of_room_where_nothing_was_published_yet()
    {
        using var disk = new SmallDisk(mebibytes: 2);
        using var sample = new Sample($"{disk.Path}/prefix");
        var free = FileSystemSpace.Of(disk.Path).Free;

        Assert.That(() => PublicationRoom.Check(sample.Places, "first", new GenerationSize(free, 0)), Throws.Nothing, "all that is free is enough");
        Assert.That(() => PublicationRoom.Check(sample.Places, "first", new GenerationSize(free, 1)), Throws.InstanceOf<BuildFailedException>().With.Message.Contains($"and '{disk.Path}' has"));

        sample.Finish("one");
        Assert.That(
            () => PublicationRoom.Check(sample.Places, "next", new GenerationSize(free, 1)),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains("No menu names these").And.Message.Contains(Sample.IdOf("one")));
    }

    [Test]
    public void I_am_told_which_of_two_disks_has_no_room()
    {
        using var disk = new SmallDisk(mebibytes: 2);
        using var sample = new Sample();
        Directory.CreateSymbolicLink(sample[Places.Tftp], disk.Path);
        sample.Finish("one");

        Assert.That(() => PublicationRoom.Check(sample.Places, "next", new GenerationSize(3 * Mebibyte, Mebibyte)), Throws.Nothing, "the images' disk is larger");
        var problem = Assert.Throws<BuildFailedException>(() => PublicationRoom.Check(sample.Places, "next", new GenerationSize(0, 3 * Mebibyte)))!;

        Assert.That(problem.Diagnostics.Single().What, Does.Contain($"it takes 3.1 MB, and '{sample[Places.TftpGenerations]}' has"));
    }

    [Test]
    public async Task I_am_told_how_to_grow_what_can_grow()
    {
        using var temp = new TempDirectory();
        FileChange.SetSize(temp.Write("generations.img"), Mebibyte);
        var device = (await new ToolRunner().RunAsync(new ToolCommand("losetup", "--find", "--show", temp["generations.img"]))).Output.Trim();
        try
        {
            Assert.That(PublicationRoom.HowToGrow(Mount(Places.Generations, device)), Does.Contain("--target=Storage --grow=generations=SIZE"));
            Assert.That(PublicationRoom.HowToGrow(Mount("/srv", device)), Is.Empty, "an image of the user's own");
        }
        finally
        {
            await new ToolRunner().RunAsync(new ToolCommand("losetup", "--detach", device));
        }

        Assert.That(PublicationRoom.HowToGrow(Mount(Places.Generations, "/dev/sda1")), Is.Empty, "a disk");

        static MountEntry Mount(string point, string source) => new(1, 0, "7:0", "/", point, "xfs", source);
    }
}
