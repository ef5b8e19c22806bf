using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.RootFs.Overlays;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class OverlayLayerSpecs
{
    private TestImage _image = null!;
    private string _overlay = null!;

    [SetUp]
    public void SetUp()
    {
        _image = new TestImage();
        _overlay = _image.TempPath("overlay");
        Directory.CreateDirectory(_overlay);
    }

    [TearDown]
    public void TearDown() => _image.Dispose();

    [Test]
    public void I_can_lay_files_over_an_image_as_root_with_modes_that_no_umask_changes()
    {
        Write("usr/local/bin/tool", "#!/bin/sh\n", "0700", user: 1000);
        Write("etc/motd", "hello", "0600", user: 1000);
        Write("new/below/file", "x", "0664");
        FileChange.SetMode(Path.Combine(_overlay, "new"), Mode("0700"));
        _image.Dir("/root", Mode("0700"));
        Write("root/.profile", "x", "0644");
        _image.File("/etc/twin", "old");
        File.CreateSymbolicLink(Path.Combine(_overlay, "etc/link"), "../run/x");

        Apply();

        Assert.Multiple(() =>
        {
            Assert.That(_image.Find("/usr/local/bin/tool")!.Value.Mode, Is.EqualTo(Mode("0755")));
            Assert.That(_image.Find("/usr/local/bin/tool")!.Value.Uid, Is.Zero);
            Assert.That(_image.Find("/etc/motd")!.Value.Mode, Is.EqualTo(Mode("0644")));
            Assert.That(_image.Find("/new")!.Value.Mode, Is.EqualTo(Mode("0755")));
            Assert.That(_image.Find("/new/below/file")!.Value.Mode, Is.EqualTo(Mode("0644")));
            Assert.That(_image.Find("/etc/motd")!.Value.Uid, Is.Zero);
            Assert.That(_image.Find("/root")!.Value.Mode, Is.EqualTo(Mode("0700")), "a directory of the image keeps its mode");
            Assert.That(_image.Find("/etc/link")!.Value.Target, Is.EqualTo("../run/x"));
        });
    }

    [Test]
    public void I_can_give_a_path_another_mode_by_a_line()
    {
        _image.Dir("/run", Mode("0755"));
        _image.Link("/var/run", "/run");
        Write("etc/sudoers.d/some admins", "x", "0644");
        Write("etc/rendered.template", "x", "0644");
        Write("root/.ssh/config", "x", "0644");
        Write("var/run/user", "x", "0755");
        File.WriteAllText(_overlay + ".modes", "# why\n\n0440 /etc/sudoers.d/some admins\n600\t/etc/rendered\n0700 /root\n0700 /root/.ssh\n1777 /var/run\n2755 /var/run/user\n");

        Apply();

        Assert.That(
            new[] { "/etc/sudoers.d/some admins", "/etc/rendered", "/root", "/root/.ssh", "/run", "/run/user", "/root/.ssh/config" }.Select(path => OctalMode.Of(_image.Find(path)!.Value.Mode)),
            Is.EqualTo(new[] { "0440", "0600", "0700", "0700", "1777", "2755", "0644" }));
    }

    [Test]
    public void I_can_lay_names_that_are_no_text()
    {
        var name = ByteName.FromBytes([(byte)'c', 0xE9]);
        FileChange.MakeDirectory($"{_overlay}/{name}", Mode("0755"));
        FileChange.MakeFile($"{_overlay}/{name}/{name}.template", "{{ recipe.suite }}"u8, Mode("0644"));
        FileChange.MakeLink($"{_overlay}/link", name);

        Apply();

        Assert.That(System.Text.Encoding.UTF8.GetString(_image.Find($"/{name}/{name}")!.Value.ReadAllBytes()), Is.EqualTo("trixie"));
        Assert.That(_image.Find("/link")!.Value.Target, Is.EqualTo(name));
    }

    [Test]
    public void I_can_write_through_links_that_stay_inside_the_image()
    {
        _image.Dir("/run", Mode("0755"));
        _image.Link("/var/run", "/run");
        _image.Link("/lib", "usr/lib");
        Write("var/run/note", "n", "0644");
        Write("lib/udev/rules", "r", "0644");

        Apply();

        Assert.Multiple(() =>
        {
            Assert.That(_image.Read("/run/note"), Is.EqualTo("n"));
            Assert.That(_image.Read("/usr/lib/udev/rules"), Is.EqualTo("r"));
            Assert.That(_image.Find("/lib")!.Value.IsLink);
        });
    }

    [Test]
    public void I_get_a_write_that_leads_out_of_the_image_refused_and_nothing_is_written_there()
    {
        var outside = _image.TempPath("outside");
        Directory.CreateDirectory(outside);
        _image.Link("/absolute", outside);
        _image.Link("/climbing", "../outside");
        Write("absolute/a", "a", "0644");
        Write("climbing/b", "b", "0644");

        var problem = Assert.Throws<BuildFailedException>(Apply)!;

        Assert.Multiple(() =>
        {
            Assert.That(problem.Diagnostics, Has.Count.EqualTo(2));
            Assert.That(problem.Message, Does.Contain(outside).And.Contain("leads outside the image's root"));
            Assert.That(Directory.EnumerateFileSystemEntries(outside), Is.Empty);
        });
    }

    [Test]
    public void I_get_a_file_over_a_directory_refused_in_every_disguise()
    {
        _image.Link("/lib", "usr/lib");
        Write("etc", "file", "0644");
        Write("lib", "file", "0644");
        Write("usr.template", "file", "0644");

        var problem = Assert.Throws<BuildFailedException>(Apply)!;

        Assert.That(problem.Diagnostics, Has.Count.EqualTo(3));
    }

    [Test]
    public void I_can_replace_a_file_and_its_hard_link_elsewhere_keeps_the_old_content()
    {
        _image.File("/etc/one", "old");
        Assert.That(Mono.Unix.Native.Syscall.link(_image.Root + "/etc/one", _image.Root + "/etc/other"), Is.Zero);
        Write("etc/one", "new", "0644");

        Apply();

        Assert.That((_image.Read("/etc/one"), _image.Read("/etc/other")), Is.EqualTo(("new", "old")));
    }

    [Test]
    public void I_can_use_values_of_recipe_and_site_in_templates()
    {
        Write("etc/resolv.conf.template", "search {{ site.domain }}\nnameserver {{site.name-servers}}\n", "0644");

        Apply();

        Assert.That(_image.Read("/etc/resolv.conf"), Is.EqualTo("search lab.example.org\nnameserver 192.0.2.53\n"));
        Assert.That(_image.Find("/etc/resolv.conf.template"), Is.Null);
    }

    [Test]
    public void I_get_unknown_placeholders_with_line_column_and_the_name_I_meant()
    {
        Write("etc/a.template", "x\n  {{ site.domian }} {{ open\n", "0644");

        var problem = Assert.Throws<BuildFailedException>(Apply)!;

        Assert.Multiple(() =>
        {
            Assert.That(problem.Diagnostics, Has.Count.EqualTo(2));
            Assert.That($"{problem.Diagnostics[0]}", Does.StartWith($"{_overlay}/etc/a.template:2:3: ").And.EndWith("Did you mean 'site.domain'?"));
            Assert.That($"{problem.Diagnostics[1]}", Does.StartWith($"{_overlay}/etc/a.template:2:21: "));
        });
    }

    private void Apply() => OverlayLayer.Apply(_overlay, _image.Root, TemplateValues.From(RecipeWith(List()), SiteWith()));

    private void Write(string path, string content, string mode, uint user = 0)
    {
        var file = Path.Combine(_overlay, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        FileChange.SetOwner(file, user, user);
        FileChange.SetMode(file, Mode(mode));
    }
}
