using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Tests.BaseLayer;

/// <summary>What is wrong with a recipe's packages, told by the real apt before anything is made: over a small signed archive, and Debian's.</summary>
internal sealed class PackagePlanSpecs
{
    private static readonly string[] InEveryRecipe = ["sysvinit-core", "sysv-rc", "initscripts", "linux-source-6.99", "xen-hypervisor-4.99-amd64"];

    private TempDirectory _temp = null!;
    private StageContext _context = null!;

    [SetUp]
    public void MakeStore()
    {
        _temp = new TempDirectory();
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
    }

    [TearDown]
    public void Delete() => _temp.Dispose();

    [Test]
    public async Task I_am_told_each_wrong_name_at_its_line_with_the_nearest_one()
    {
        using var archive = Archive(("nano", ""), ("udev", ""));

        var problems = await ProblemsAsync(Recipe(archive, "udve", "nano", "nano+", "linux.source"));

        Assert.That(problems, Is.EqualTo(new[]
        {
            "sample.yaml:6:5: no package 'udve' in trixie (main). Did you mean 'udev'?",
            "sample.yaml:8:5: no package 'nano+' in trixie (main). Did you mean 'nano'?",
            "sample.yaml:9:5: no package 'linux.source' in trixie (main)",
        }));
    }

    [Test]
    public async Task I_am_told_a_wrong_hypervisor_and_a_wrong_kernel_before_anything_is_made()
    {
        using var archive = Archive();
        var recipe = Recipe(archive);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("linux-source-6.99", "linux-source-6.98").Replace("4.99", "4.98"));

        var problems = await ProblemsAsync(recipe);

        Assert.That(problems, Has.Length.EqualTo(2));
        Assert.That(problems, Has.Some.Match("sample.yaml:[0-9]+:24: no package 'xen-hypervisor-4.98-amd64' .*Did you mean 'xen-hypervisor-4.99-amd64'")
            .And.Some.Match("sample.yaml:[0-9]+:20: no package 'linux-source-6.98' .*Did you mean 'linux-source-6.99'"));
    }

    [Test]
    public async Task I_am_told_both_sides_of_each_conflict()
    {
        using var archive = Archive(
            ("rsyslog", "Provides: system-log-daemon\nConflicts: system-log-daemon\n"), ("busybox-syslogd", "Provides: system-log-daemon\nConflicts: system-log-daemon\n"),
            ("udev", ""), ("systemd-sysv", "Conflicts: sysvinit-core\n"), ("nano", ""), ("logger", "Depends: rsyslog\n"));

        var problems = await ProblemsAsync(Recipe(archive, "udev", "busybox-syslogd", "nano", "logger", "systemd-sysv"));

        Assert.That(problems, Has.Length.EqualTo(2));
        Assert.That(problems[0], Does.Match(@"^sample.yaml:9:5: packages 'busybox-syslogd' \(line 7\) and 'logger' \(line 9\) cannot be installed together: .*rsyslog.*; expected one of them left out$"));
        Assert.That(problems[1], Does.Match(@"^sample.yaml:10:5: packages 'sysvinit-core' \(of init: sysvinit\) and 'systemd-sysv' \(line 10\) cannot be installed together: "));
    }

    [Test]
    public async Task I_am_told_a_package_that_lacks_what_it_needs_and_one_that_is_only_provided()
    {
        using var archive = Archive(("lame", "Depends: crutch\n"), ("exim4", "Provides: mail-server\n"), ("postfix", "Provides: mail-server\n"), ("vim", "Provides: editor\n"));

        Assert.That(await ProblemsAsync(Recipe(archive, "lame", "editor")), Has.One.Match("^sample.yaml:6:5: package 'lame' cannot be installed in trixie: .*crutch"));
        Assert.That(
            await ProblemsAsync(Recipe(archive, "mail-server", "editor")),
            Is.EqualTo(new[] { "sample.yaml:6:5: 'mail-server' is no package but what several packages provide; expected one of exim4, postfix" }));
    }

    [Test]
    public async Task I_wait_for_nothing_when_the_archive_is_as_it_was()
    {
        using var archive = Archive(("udev", ""));
        using var mirror = new FaultyMirror(archive.Root);
        var recipe = RecipeReader.Read(Recipe(archive, mirror.Uri, "udev"));
        var sources = await MirrorResolver.ResolveAsync(recipe, null, null, _context);
        var state = await ArchiveState.ReadAsync(sources, _context);
        await new PackagePlan(recipe, sources, state, _context).CheckAsync();
        var (asked, log) = (mirror.Answers.Count, File.ReadAllText(_temp["log"]).Length);

        await new PackagePlan(recipe, sources, state, _context).CheckAsync();

        Assert.That(mirror.Answers, Has.Count.EqualTo(asked));
        Assert.That(File.ReadAllText(_temp["log"]), Has.Length.EqualTo(log));
    }

    [Test]
    [Category("Integration")]
    public async Task I_am_told_which_component_and_which_suite_of_Debian_has_a_package()
    {
        var file = _temp.Write("sample.yaml", """
            suite: bookworm
            packages:
              - firmware-realtek
              - rsyslog
              - xen-utils-4.20
              - busybox-syslogd
              - fastfetch
            flash: { size: 1M, paths: { /tmp: { mode: 1777 } } }
            kernels: { generic: { source: linux-source-6.1, fragments: [base] } }
            """);

        var problems = await ProblemsAsync(file);

        Assert.That(problems, Has.Length.EqualTo(3));
        Assert.That(problems[0], Does.Match("^sample.yaml:3:5: no package 'firmware-realtek' in bookworm.*component 'non-free-firmware'"));
        Assert.That(problems[1], Does.Match("^sample.yaml:5:5: no package 'xen-utils-4.20' in bookworm.*'xen-utils-4.17'"));
        Assert.That(problems[2], Does.Match("^sample.yaml:7:5: no package 'fastfetch' in bookworm.*suite 'trixie' has it"));
        File.WriteAllText(file, File.ReadAllText(file).Replace("- firmware-realtek", "- less").Replace("- xen-utils-4.20", "- btop").Replace("- fastfetch", "- nano"));
        Assert.That(await ProblemsAsync(file), Has.One.Match(@"^sample.yaml:6:5: packages 'rsyslog' \(line 4\) and 'busybox-syslogd' \(line 6\) cannot be installed together: .*Conflicts: system-log-daemon"));
    }

    private SignedArchive Archive(params (string Name, string Fields)[] packages)
    {
        var archive = new SignedArchive(_temp);
        foreach (var (name, fields) in InEveryRecipe.Select(name => (name, "")).Concat(packages))
        {
            archive.Add(name, "1", _temp.Make($"packages/{name}"), fields);
        }

        return archive;
    }

    private string Recipe(SignedArchive archive, params string[] packages) => Recipe(archive, new Uri(archive.Root), packages);

    private string Recipe(SignedArchive archive, Uri mirror, params string[] packages)
        => _temp.Write("sample.yaml", $$"""
            suite: trixie
            archives: [trixie]
            keyring: {{archive.Keyring}}
            mirrors: [{ uri: "{{mirror}}", suites: [trixie] }]
            packages:{{string.Concat(packages.DefaultIfEmpty("sample").Select(p => $"\n  - {p}"))}}
            flash: { size: 1M, paths: { /tmp: { mode: 1777 } } }
            hypervisor: { package: xen-hypervisor-4.99-amd64, tools: [sample] }
            kernels:
              small: { source: linux-source-6.99, fragments: [xen-dom0] }
            """);

    private async Task<string[]> ProblemsAsync(string file)
    {
        var recipe = RecipeReader.Read(file);
        var sources = await MirrorResolver.ResolveAsync(recipe, null, null, _context);
        var plan = new PackagePlan(recipe, sources, await ArchiveState.ReadAsync(sources, _context), _context);
        var failure = Assert.ThrowsAsync<BuildFailedException>(plan.CheckAsync)!;
        Assert.That(Directory.Exists(_context.Store.Stages), Is.False);
        return [.. failure.Diagnostics.Select(d => $"{d}".Replace($"{_temp.Path}/", ""))];
    }
}
