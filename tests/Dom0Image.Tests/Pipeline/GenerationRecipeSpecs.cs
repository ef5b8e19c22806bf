using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Pipeline;

[Category("Slow")]
internal sealed class GenerationRecipeSpecs
{
    [Test]
    public async Task An_old_generation_is_held_against_its_own_recipe()
    {
        using var project = await SmallProject.MakeAsync();
        var generation = GenerationTree.Finished(project.Places, await project.PublishAsync());
        var file = Path.Combine(project.Path, "recipes/small.yaml");
        var then = RecipeReader.Read(file);
        File.WriteAllText(file, File.ReadAllText(file).Replace("/tmp: { mode: 1777 }", "/tmp: { mode: 1777 }\n    /var/new: {}"));
        var today = RecipeReader.Read(file) with { MayFail = [new MayFail("smartmontools", "no disk here")] };
        Assert.That(today.Flash.Entries, Has.Length.EqualTo(then.Flash.Entries.Length + 1));

        var kept = GenerationRecipe.Of(generation, today);

        Assert.That(kept.Flash.Entries.Select(entry => entry.Path), Is.EqualTo(then.Flash.Entries.Select(entry => entry.Path)));
        Assert.That(kept.Name, Is.EqualTo("small"));
        Assert.That(kept.MayFail, Is.EqualTo(today.MayFail), "it is about the boot, not about the image");
        Assert.That(() => GenerationRecipe.Of(generation, today with { Name = "other" }), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("Add --recipe=small"));

        File.WriteAllText(Path.Combine(generation.ImageDirectory, GenerationRecipe.FileName), "of: another time\n");
        Assert.That(GenerationRecipe.Of(generation, today), Is.SameAs(today));
    }

    [Test]
    public async Task A_recipe_that_is_edited_while_the_image_is_made_is_kept_as_it_was_read()
    {
        using var project = await SmallProject.MakeAsync();
        var file = Path.Combine(project.Path, "recipes/small.yaml");
        var read = File.ReadAllText(file);
        var asked = project.Mirror.Answers.Count;

        using var command = project.Start();
        while (project.Mirror.Answers.Count == asked)
        {
            await Task.Delay(5);
        }

        File.WriteAllText(file, read.Replace("/tmp: { mode: 1777 }", "/tmp: { mode: 1777 }\n    /var/new: {}"));
        var (exitCode, output, errors) = await command.End();

        Assert.That(exitCode, Is.Zero, output + errors);
        var kept = Path.Combine(GenerationTree.Finished(project.Places, project.Booted()).ImageDirectory, GenerationRecipe.FileName);
        Assert.That(File.ReadAllText(kept), Is.EqualTo(read));
    }
}
