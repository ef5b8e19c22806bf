using Dom0Image.Diagnostics;
using Dom0Image.Generations;

namespace Dom0Image.Tests.Generations;

internal sealed class GenerationListSpecs
{
    [Test]
    public void I_see_no_generation_where_nothing_was_ever_published()
    {
        using var sample = new Sample();

        Assert.That(GenerationList.Of(sample.Places), Is.Empty);
        Assert.That(MenuDirectory.DeleteUnused(sample.Places, TimeSpan.Zero), Is.Empty, "nor any menus");
    }

    [TestCase("{", "cannot read '*'")]
    [TestCase("null", "it is empty")]
    [TestCase(null, "Could not find file '*'")]
    public void I_am_told_which_generation_does_not_say_what_it_is(string? content, string told)
    {
        using var sample = new Sample();
        var file = GenerationTree.Finished(sample.Places, sample.Finish("one")).InfoFile;
        File.Delete(file);
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        Assert.That(() => GenerationList.Of(sample.Places), Throws.InstanceOf<BuildFailedException>().With.Message.Contains(told.Replace("*", file)).And.Message.StartsWith($"cannot read '{file}': "));
    }

    [Test]
    public void I_am_told_how_much_is_in_a_generation()
    {
        using var sample = new Sample();
        using (var staged = sample.Begin("one"))
        {
            File.WriteAllText(Path.Combine(staged.RootDirectory, "large"), new string('x', 1000));
            File.WriteAllText(Path.Combine(staged.RootDirectory, "small"), new string('x', 100));
            staged.Seal(sample.Parts("one"));
            staged.Finish();
        }

        var info = GenerationList.Of(sample.Places).Single().Info;

        Assert.That(info.Bytes, Is.EqualTo(1100 + info.Id.Length), "large, small and version");
        Assert.That(info.Entries, Is.EqualTo(4));
    }
}
