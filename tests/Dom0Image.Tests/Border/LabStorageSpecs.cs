using Dom0Image.BootLab.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Store;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.Store;

namespace Dom0Image.Tests.Border;

/// <summary>A lab's isolation is checked, not assumed.</summary>
internal sealed class LabStorageSpecs
{
    [Test]
    public async Task A_lab_serves_nothing_that_is_no_border()
    {
        using var temp = new TempDirectory();
        var context = new StageContext(new BuildStore(temp["store"]), new ToolRunner(), new Recorder(), CancellationToken.None);
        await using var storage = await LabStorage.MakeAsync(temp["storage"], Sites.OneServer(), context);
        await using var inside = await storage.EnterAsync(context.Tools, default);
        var root = await LabRoot.CreateAsync(inside, temp["root"], [], default);
        await inside.RunAsync(new ToolCommand("mount", "--bind", temp["storage/mounted/generations"], temp.Make("elsewhere")), default);

        Assert.That(async () => await storage.ServeAsync(inside, root, default),
            Throws.TypeOf<BuildFailedException>().With.Message.Contains(Places.Generations).And.Message.Contains($"is mounted at {temp["elsewhere"]} too"));
    }
}
