using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The program compiled anew with a line changed: what shapes the image gives another generation, and nothing else does.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class RecompiledSpecs : OnSmallProject
{
    private const string BaseLayer = "BaseLayer";

    private readonly List<(string File, string Text)> _changed = [];
    private string _before = "";

    private string Sources => Path.Combine(Project.Path, "sources");

    [OneTimeSetUp]
    public async Task Publish()
    {
        Directory.CreateDirectory(Sources);
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "build" })
        {
            await new ToolRunner().RunAsync(new ToolCommand("cp", "-a", Path.Combine(Checkout.Root, file), Sources));
        }

        foreach (var made in new[] { "bin", "obj" })
        {
            SafeDelete.Tree(Path.Combine(Sources, "build", made));
        }

        await CompileAsync();
        _before = await Project.PublishAsync();
    }

    [TearDown]
    public void TakeBack()
    {
        _changed.ForEach(change => File.WriteAllText(change.File, change.Text));
        _changed.Clear();
    }

    [Test]
    public async Task I_get_the_same_generation_by_a_program_in_which_only_words_and_benchmarks_are_others()
    {
        Change("Benchmarks/InitBench.cs", "namespace Dom0Image.Benchmarks;", "namespace Dom0Image.Benchmarks;\n\ninternal static class NewBench;");
        Change("Tasks/PublishTask.cs", "[TaskDescription(\"Publishes", "[TaskDescription(\"It publishes");
        Change("Pipeline/RootComposition.cs", "\"unpacking the base layer\"", "\"unpacking what was laid\"");
        Change("RootFs/Flash/FlashPlan.cs", "it must be a directory, or not there", "it can be a directory, or missing");
        Change("Verification/DeviceRule.cs", "outside /dev", "in no /dev");
        await CompileAsync();

        var (exitCode, output, errors) = await Project.RunAsync();

        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(output, Does.Contain($"{_before}, as before"), "it was composed by the new program");
        Assert.That(Project.Booted(), Is.EqualTo(_before));
        Assert.That((await Project.RunAsync()).Output, Does.Not.Contain("as before"), "and once only");
    }

    [TestCase("RootFs/Flash/FlashRelocation.cs", "climbing.Repoint(root);", "climbing.Repoint(root); ImageDirectory.Ensure(root, \"/flash/more\");")]
    [TestCase("RootFs/RamTree/RamTarWriter.cs", "new byte[2 * TarHeader.Block]", "new byte[4 * TarHeader.Block]", Category = "Long_recompiled")]
    [TestCase("RootFs/RamTree/Scripts/dom0-ramtree.sh.template", "#!/bin/sh\n", "#!/bin/sh\n# New.\n", Category = "Long_recompiled")]
    [TestCase("RootFs/Overlays/OverlayTree.cs", "Readable = 0b110_100_100", "Readable = 0b110_100_000", Category = "Long_recompiled")]
    [TestCase("RootFs/Image/SecretPaths.cs", "\"/etc/hostid\",", "\"/etc/hostid\", \"/etc/motd\",", Category = "Long_recompiled")]
    public async Task I_get_another_generation_when_a_step_that_shapes_the_image_is_another(string file, string line, string changed)
    {
        Change(file, line, changed);
        await CompileAsync();

        Assert.That(await Project.PublishAsync(), Is.Not.EqualTo(_before));
    }

    // The archive of the small project has too few packages to lay a real one.
    [TestCase("base-layer-hook.sh", "#!/bin/sh\n", "#!/bin/sh\n# New.\n", Category = "Long_recompiled")]
    [TestCase("Mmdebstrap.cs", "\"--variant=minbase\"", "\"--variant=essential\"")]
    [TestCase("DebootstrapCleanup.cs", "\"var/log/dpkg.log\"", "\"var/log/dpkg.log\", \"var/log/other.log\"", Category = "Long_recompiled")]
    public async Task I_get_another_base_layer_when_what_lays_it_is_another(string file, string line, string changed)
    {
        async Task<string> LaidAsync() => string.Concat(await Project.RunInAsync(Project.Places.Prefix, Project.Store.Root, $"--target={BaseLayer}") is var (_, output, errors) ? output + errors : "");
        Change($"{BaseLayer}/{file}", line, changed);
        await CompileAsync();
        var after = await LaidAsync();
        TakeBack();
        await CompileAsync();

        Assert.That(await LaidAsync(), Does.Not.Contain("mmdebstrap"), "the first one is there");
        Assert.That(after, Does.Contain("mmdebstrap"), "it is laid anew");
    }

    private void Change(string place, string line, string changed)
    {
        var file = Path.Combine(Sources, "build", place);
        var text = File.ReadAllText(file);
        Assert.That(text.Split(line), Has.Length.EqualTo(2), $"{line} is there once");
        _changed.Add((file, text));
        File.WriteAllText(file, text.Replace(line, changed, StringComparison.Ordinal));
    }

    // Into the copy of the program that the project runs.
    private async Task CompileAsync() => await new ToolRunner().RunAsync(
        new ToolCommand(
            Environment.ProcessPath!, "build", Path.Combine(Sources, "build/Build.csproj"), "--configuration", "Release", "--output", Path.Combine(Project.Path, "app"),
            "--verbosity", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:GenerateDocumentationFile=false"));
}
