using System.Diagnostics;
using System.Text.RegularExpressions;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Tests.RootFs;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command on trees that hold what nobody expects: pipes, names that are no text, files that cannot go.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class OddTreesSpecs : OnSmallProject
{
    // In Latin-1: no UTF-8.
    private static readonly string Odd = ByteName.FromBytes("caf\u00e9"u8[..3]) + ByteName.FromBytes([0xE9]);

    private string Overlay => $"{Project.Path}/overlays/small";

    [Test]
    public async Task I_can_publish_and_check_names_that_are_no_text()
    {
        FileChange.MakeFile($"{Overlay}/{Odd}", "odd"u8, TestImage.Mode("0644"));
        try
        {
            var generation = await Project.PublishAsync();
            var tree = GenerationTree.Finished(Project.Places, generation);
            string[] odd = [$"{tree.Root}/{Odd}", $"{tree.Root}/usr/lib/{SmallProject.OddName}"];
            Assert.That(odd.Select(path => FileNode.Find(path)?.IsFile), Is.All.True, "of an overlay and of a package");
            Assert.That((await CheckAsync()).ExitCode, Is.Zero);

            FileChange.ReplaceContent(FileNode.Get(odd[0]), "edited");
            var (exitCode, _, errors) = await CheckAsync();
            FileChange.ReplaceContent(FileNode.Get(odd[0]), "odd");

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain(@"/caf\xe9: size 6, expected 3"));
        }
        finally
        {
            FileChange.Delete($"{Overlay}/{Odd}");
        }

        Task<(int ExitCode, string Output, string Errors)> CheckAsync() => Project.RunInAsync(Project.Places.Prefix, Project.Store.Root, "--target=Check");
    }

    [Test]
    public async Task I_am_told_of_capabilities_that_no_client_sees_and_of_modes_that_are_given_up()
    {
        Project.ChangeOverlay("capabilities\n");
        FileChange.SetMode($"{Overlay}/etc/motd", TestImage.Mode("0640"));
        try
        {
            var (exitCode, output, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(output, Does.Contain($"no client sees the capabilities of {SmallProject.Capable}: NFSv3 carries none"));
            Assert.That(output.Split("/etc/motd has mode 0640 here and gets 0644"), Has.Length.EqualTo(2), "once");
            Assert.That(FileNode.Get($"{GenerationTree.Finished(Project.Places, Project.Booted()).Root}/etc/motd").Mode, Is.EqualTo(TestImage.Mode("0644")));
        }
        finally
        {
            FileChange.SetMode($"{Overlay}/etc/motd", TestImage.Mode("0644"));
        }
    }

    [Test]
    public async Task I_am_told_which_accounts_lack_a_line_where_the_lines_are()
    {
        const string Told = "no line in ";
        var accounts = $"{Project.Path}/recipes/accounts";
        File.WriteAllText(accounts, "user another 500\n");
        Project.ChangeOverlay("accounts\n");
        var (_, output, _) = await Project.RunAsync();
        var told = Regex.Match(output, $@"(\d+) accounts? ha(?:s|ve) {Told}{accounts}, and may get (?:another id|other ids) when packages change: cat (\S+) >> {accounts}");
        Assert.That(told.Success, output);
        Assert.That(File.ReadAllLines(told.Groups[2].Value), Has.Length.EqualTo(int.Parse(told.Groups[1].Value)).And.Some.StartsWith("user xend "));

        FileChange.MakeFile($"{Overlay}/program", "program"u8, TestImage.Mode("0755"));
        File.WriteAllText($"{Overlay}.modes", "4755 /program\n");
        try
        {
            var (exitCode, failed, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain("/program: is set-uid"));
            Assert.That(failed, Does.Not.Contain(Told), "that generation is thrown away, and the lines with it");
        }
        finally
        {
            File.Delete(accounts);
            FileChange.Delete($"{Overlay}/program");
            File.Delete($"{Overlay}.modes");
        }
    }

    [Test]
    public async Task I_get_the_same_generation_from_a_checkout_that_a_umask_closed()
    {
        await Project.PublishAsync();
        string[] checkout = [.. new[] { "overlays", "recipes", "kernel-configs" }.Select(name => $"{Project.Path}/{name}")];
        await ChmodAsync("go=", checkout);
        try
        {
            var (exitCode, output, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(output, Does.Contain("Nothing changed").And.Contain("overlay small: 2 files and directories have the modes of a checkout under umask 0077"));
        }
        finally
        {
            await ChmodAsync("go=u,go-w", checkout);
        }
    }

    [Test]
    public async Task I_am_told_of_a_pipe_in_an_overlay_before_anything_is_done()
    {
        Assert.That(Syscall.mkfifo($"{Overlay}/pipe", (FilePermissions)TestImage.Mode("0644")), Is.Zero);
        try
        {
            var (exitCode, _, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain("overlays/small/pipe' is a named pipe; an overlay holds files, directories and symlinks").And.Contain("Failed stage: plan"));
        }
        finally
        {
            FileChange.Delete($"{Overlay}/pipe");
        }
    }

    [TestCase(Signum.SIGINT, 130)]
    [TestCase(Signum.SIGTERM, 143)]
    public async Task I_can_end_it_by_one_signal_whatever_it_waits_for(Signum signal, int code)
    {
        var manifest = GenerationTree.Finished(Project.Places, Project.Booted()).ManifestFile;
        Durable.Rename(manifest, manifest + ".kept");
        Assert.That(Syscall.mkfifo(manifest, (FilePermissions)TestImage.Mode("0644")), Is.Zero);
        try
        {
            using var command = Project.Start("--target=Check");
            await command.SeeAsync("check: start");
            await Task.Delay(500);
            var watch = Stopwatch.StartNew();
            Syscall.kill(command.Id, signal);
            var (exitCode, _, errors) = await command.End();

            Assert.That(exitCode, Is.EqualTo(code));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(100)), "10 s on a machine that is not busy");
            Assert.That(errors, Does.Contain("was given up"));
        }
        finally
        {
            Durable.Rename(manifest + ".kept", manifest);
        }
    }

    [Test]
    public async Task I_can_build_on_over_leftovers_that_are_protected_or_named_by_no_text()
    {
        var leftover = Directory.CreateDirectory($"{Project.Store.Work}/left").FullName;
        var staging = Directory.CreateDirectory($"{Project.Places.OnDisk(Places.Generations)}/.staging-left").FullName;
        foreach (var directory in new[] { leftover, staging })
        {
            FileChange.MakeFile($"{directory}/{Odd}", [], TestImage.Mode("0644"));
            FileChange.MakeFile($"{directory}/protected", [], TestImage.Mode("0644"));
            await new ToolRunner().RunAsync(new ToolCommand("chattr", "+i", $"{directory}/protected"));
        }

        var (exitCode, output, errors) = await Project.RunAsync();

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain($"deleted what a build that died left: {leftover}, {staging}"));
        Assert.That(new[] { leftover, staging }.Where(Path.Exists), Is.Empty);
    }

    private static Task<ToolResult> ChmodAsync(string mode, string[] trees) => new ToolRunner().RunAsync(new ToolCommand("chmod", "-R", mode, "--").With(trees));
}
