using Dom0Image.Diagnostics;
using Dom0Image.Generations;

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
}
