using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Edits;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command with edits that are kept.</summary>
[Category("Slow")]
[NonParallelizable]
internal sealed class RepublishSpecs
{
    private SmallProject _project = null!;
    private string _first = null!;

    private string Edits => RecipeEdits.DirectoryOf(_project.Places, "small");

    [SetUp]
    public async Task Publish()
    {
        _project = await SmallProject.MakeAsync();
        _first = await _project.PublishAsync();
    }

    [TearDown]
    public void Delete() => _project.Dispose();

    [Test]
    public async Task I_publish_an_edit_at_noon_and_no_mirror_is_asked()
    {
        Keep("0001", Changed("/etc/motd", "mine\n"), new LayerPath("/srv/new", null, State("/srv/new", "new\n")), new LayerPath("/srv", null, new ManifestEntry { Path = "/srv", Type = FileType.Directory, Mode = "0755" }));
        var asked = _project.Mirror.Answers.Count;

        var watch = Stopwatch.StartNew();
        var (exitCode, output, errors) = await RepublishAsync();
        TestContext.Out.WriteLine($"republished in {watch.Elapsed.TotalSeconds:0.0} s");

        Assert.That(exitCode, Is.Zero, output + errors);
        var second = _project.Booted();
        var info = GenerationInfo.Read(GenerationTree.Finished(_project.Places, second));
        Assert.Multiple(() =>
        {
            Assert.That(second, Is.Not.EqualTo(_first));
            Assert.That(_project.Mirror.Answers, Has.Count.EqualTo(asked), "nothing was asked of the mirror");
            Assert.That(Read(second, "/etc/motd"), Is.EqualTo("mine\n"));
            Assert.That(Read(second, "/srv/new"), Is.EqualTo("new\n"));
            Assert.That(info.Layers!.Select(layer => (layer.Name, layer.Why, layer.Who)), Is.EqualTo(new[] { ("0001", "a reason", "somebody") }));
            Assert.That(info.Materials, Is.Not.Null);
        });
        _project.AssertWhole(second, "republished");

        (exitCode, output, errors) = await RepublishAsync();
        Assert.That((exitCode, _project.Booted()), Is.EqualTo((0, second)), output + errors);
        Assert.That(output, Does.Contain("Nothing changed"), "the same inputs give the same generation");

        Directory.Delete(Path.Combine(Edits, "0001"), recursive: true);
        (exitCode, output, errors) = await RepublishAsync();
        Assert.That((exitCode, _project.Booted()), Is.EqualTo((0, _first)), output + errors);
    }

    [Test]
    public async Task After_I_went_back_an_edit_waits_and_the_command_that_I_am_told_brings_no_updates_along()
    {
        _project.ChangeKernel("of the night");
        await _project.PublishAsync();
        await RunAsync("--target=Rollback");
        Keep("0001", Changed("/etc/motd", "mine\n"));

        var output = await RunAsync("--target=Republish", "--boot-test=no");

        var ready = GenerationList.Of(_project.Places).MaxBy(generation => generation.Info.Created)!.Info.Id;
        Assert.That(_project.Booted(), Is.EqualTo(_first));
        Assert.That(output, Does.Contain($"--target=Publish --generation={ready}").And.Contain("and holds it"));
        await RunAsync("--target=Publish", $"--generation={ready}", "--boot-test=no");
        Assert.That((_project.Booted(), Read(ready, "/etc/motd"), PublicationHold.Find(_project.Places)!.Generation), Is.EqualTo((ready, "mine\n", ready)));

        async Task<string> RunAsync(params string[] arguments)
        {
            var (exitCode, output, errors) = await _project.RunInAsync(_project.Places.Prefix, _project.Store.Root, arguments);
            Assert.That(exitCode, Is.Zero, output + errors);
            return output;
        }
    }

    [Test]
    public async Task A_nightly_build_takes_my_edit_along_and_leaves_it_out_when_I_say_so()
    {
        Keep("0001", Changed("/etc/motd", "mine\n"));
        _project.ChangeKernel("of the night");

        var night = await _project.PublishAsync();
        Assert.That(Read(night, "/etc/motd"), Is.EqualTo("mine\n"));

        var (exitCode, output, errors) = await _project.RunInAsync(_project.Places.Prefix, _project.Store.Root, "--edits=none");
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Read(_project.Booted(), "/etc/motd"), Is.EqualTo("first\n"));
    }

    [Test]
    public async Task A_conflict_does_not_stop_the_night_and_I_settle_it_with_the_command_that_I_am_told()
    {
        Keep("0001", Changed("/etc/motd", "mine\n"), new LayerPath("/etc/other", null, State("/etc/other", "other\n")));
        _project.ChangeOverlay("of the night\n");

        var (exitCode, output, errors) = await _project.RunAsync();

        var ready = GenerationList.Of(_project.Places).Single(generation => !generation.Current).Info.Id;
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(_project.Booted(), Is.EqualTo(_first), "hosts boot what they booted");
            Assert.That(errors, Does.Contain("edit 0001: /etc/motd: edit and base have both changed it").And.Contain("-of the night").And.Contain("+mine"));
            Assert.That(errors, Does.Contain("./build.sh --target=Edits --recipe=small --answer=mine --path=/etc/motd"));
            Assert.That(errors, Does.Contain(ready));
            Assert.That(Read(ready, "/etc/motd"), Is.EqualTo("of the night\n"));
            Assert.That(Read(ready, "/etc/other"), Is.EqualTo("other\n"), "all that applies is in it");
        });

        (exitCode, output, errors) = await _project.RunAsync();
        Assert.That(exitCode, Is.Not.Zero, "asked again, from what is known");
        Assert.That(errors, Does.Contain("--answer=mine --path=/etc/motd"));

        (exitCode, output, errors) = await _project.RunInAsync(_project.Places.Prefix, _project.Store.Root, "--target=Nightly");
        var night = File.ReadAllText(_project.Places.OnDisk(Places.State + "/nightly/latest/result.json"));
        Assert.That((exitCode, _project.Booted()), Is.EqualTo((4, _first)), output + errors);
        Assert.That(night, Does.Contain($"\"generation\": \"{ready}\"").And.Contain("\"what\": \"/etc/motd\"").And.Contain("./build.sh --target=Edits --recipe=small --answer=mine --path=/etc/motd"));

        (exitCode, output, errors) = await _project.RunInAsync(_project.Places.Prefix, _project.Store.Root, "--target=Edits", "--answer=base", "--path=/etc/motd");
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(await _project.PublishAsync(), Is.EqualTo(ready));

        _project.ChangeOverlay("of the night after\n");
        (exitCode, _, errors) = await _project.RunAsync();
        Assert.That(exitCode, Is.Not.Zero, "another base asks again");
        Assert.That(errors, Does.Contain("--answer=base --path=/etc/motd"));
    }

    [Test]
    public async Task I_am_told_what_to_run_when_the_store_has_the_base_no_longer()
    {
        Keep("0001", Changed("/etc/motd", "mine\n"));
        Directory.Delete(Path.Combine(_project.Store.Stages, "base-layer"), recursive: true);

        var (exitCode, _, errors) = await RepublishAsync();

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("its base layer is not there any more").And.Contain("./build.sh --recipe=small"));
        Assert.That(_project.Booted(), Is.EqualTo(_first));
    }

    private Task<(int ExitCode, string Output, string Errors)> RepublishAsync()
        => _project.RunInAsync(_project.Places.Prefix, _project.Store.Root, "--target=Republish");

    private string Read(string generation, string path) => File.ReadAllText(GenerationTree.Finished(_project.Places, generation).Root + path);

    private LayerPath Changed(string path, string content)
        => new(path, ManifestReader.ReadOne(GenerationTree.Finished(_project.Places, _first).Root, path), State(path, content));

    private static ManifestEntry State(string path, string content) => new()
    {
        Path = path,
        Type = FileType.File,
        Mode = "0644",
        Size = content.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
    };

    private void Keep(string name, params LayerPath[] paths)
    {
        var contents = Directory.CreateDirectory(Path.Combine(Edits, name, "contents")).FullName;
        foreach (var text in new[] { "mine\n", "new\n", "other\n" })
        {
            File.WriteAllText(Path.Combine(contents, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))), text);
        }

        File.WriteAllBytes(Path.Combine(Edits, name, KeptLayer.FileName), KeptLayer.Write(new Layer(name, "small", _first, "a reason", "somebody", DateTimeOffset.UnixEpoch) { Paths = [.. paths] }));
    }
}
