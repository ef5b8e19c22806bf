using System.Diagnostics;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Hosting;

/// <summary><c>build.sh</c> in a checkout of its own, with a home directory of its own.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class BuildScriptSpecs
{
    private readonly ToolRunner _tools = new();
    private string _checkout = "";

    [OneTimeSetUp]
    public void CopyCheckout()
    {
        _checkout = Directory.CreateTempSubdirectory("checkout-").FullName;
        foreach (var name in new[] { "build.sh", "Dom0Image.sln", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "build.cake", ".config/dotnet-tools.json" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_checkout, name))!);
            File.Copy(Path.Combine(Checkout.Root, name), Path.Combine(_checkout, name));
        }

        CopySources(new DirectoryInfo(Path.Combine(Checkout.Root, "build")), Path.Combine(_checkout, "build"));
    }

    [OneTimeTearDown]
    public void RemoveCheckout() => Directory.Delete(_checkout, recursive: true);

    [Test, Order(1)]
    public async Task I_can_start_it_twice_at_once_when_it_has_to_compile()
    {
        var both = await Task.WhenAll(BuildAsync("--version"), BuildAsync("--version"));

        Assert.That(both.Select(r => r.Output), Is.All.EqualTo("0.1.0\n"));
        Assert.That(Versions(), Has.Length.EqualTo(1));
    }

    [Test, Order(2)]
    public async Task I_get_to_the_first_stage_soon_when_nothing_changed()
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            await BuildAsync("--tree");
            times.Add(watch.Elapsed);
        }

        TestContext.Out.WriteLine(string.Join(' ', times.Select(t => $"{t.TotalSeconds:F2} s")));
        Assert.That(times.Min(), Is.LessThan(TimeSpan.FromSeconds(20)), "two at most on a machine that is not busy");
        Assert.That(Versions(), Has.Length.EqualTo(1), "nothing was compiled");
    }

    [TestCase("env --ignore-environment HOME=/root PATH=/usr/bin:/bin \"$0\" --version"), Order(2)]
    [TestCase("env --ignore-environment \"$0\" --version")]
    [TestCase("\"$0\" --version >/dev/null <&- 2>&- && \"$0\" --tree >&- && echo 0.1.0")]
    public async Task I_can_start_it_in_any_environment_and_with_outputs_closed(string script)
    {
        var result = await _tools.RunAsync(InHome(new ToolCommand("sh", "-c", script, Path.Combine(_checkout, "build.sh"))));

        Assert.That(result.Output, Is.EqualTo("0.1.0\n"));
        Assert.That(Versions(), Has.Length.EqualTo(1), "nothing was compiled");
    }

    [Test, Order(3)]
    public async Task I_can_start_it_from_anywhere_with_relative_paths_and_its_exit_code_comes_back()
    {
        var result = await _tools.RunAsync(Command("--target=Nonsense", "--prefix=here") with { WorkingDirectory = Path.GetTempPath(), SuccessCodes = [255] });

        Assert.That(result.ExitCode, Is.EqualTo(255));
    }

    [Test, Order(4)]
    public async Task I_see_the_compilers_words_when_I_break_it_and_it_works_again_when_I_mend_it()
    {
        var program = Path.Combine(_checkout, "build", "Program.cs");
        var whole = File.ReadAllText(program);
        File.WriteAllText(program, "oops " + whole);
        var problem = Assert.ThrowsAsync<ToolFailedException>(() => BuildAsync("--version"))!;
        Assert.That(problem.Message, Does.Contain("Program.cs(1,").And.Contain("does not compile"));

        File.WriteAllText(program, whole);
        Assert.That((await BuildAsync("--version")).Output, Is.EqualTo("0.1.0\n"));
        Assert.That(Versions(), Has.Length.EqualTo(1), "the version that was compiled before");
    }

    [Test, Order(5)]
    public async Task I_get_the_same_from_dotnet_cake_once_its_tools_are_restored()
    {
        await _tools.RunAsync(Dotnet("tool", "restore"));

        await AssertTellsAsync(option => Dotnet("cake", option));
        var failed = await _tools.RunAsync(Dotnet("cake", "--target=Nonsense") with { SuccessCodes = [255] });
        Assert.That(failed.ExitCode, Is.EqualTo(255));
    }

    [Test, Order(6)]
    public Task I_get_the_same_from_dotnet_run() => AssertTellsAsync(option => Dotnet("run", "--project", "build", "--", option));

    private async Task AssertTellsAsync(Func<string, ToolCommand> command)
    {
        foreach (var (option, expected) in new[] { ("--tree", "─HostTools"), ("--dryrun", "No tasks were actually executed"), ("--description", "Boots the generation in QEMU") })
        {
            Assert.That((await _tools.RunAsync(command(option))).Output, Does.Contain(expected), option);
        }
    }

    private static void CopySources(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var directory in from.GetDirectories().Where(d => d.Name is not ("bin" or "obj")))
        {
            CopySources(directory, Path.Combine(to, directory.Name));
        }
    }

    private Task<ToolResult> BuildAsync(params string[] arguments) => _tools.RunAsync(Command(arguments));

    // Another HOME, but the packages that are here: the feed is not what is tested.
    private ToolCommand Command(params string[] arguments) => InHome(new ToolCommand(Path.Combine(_checkout, "build.sh"), arguments));

    private ToolCommand Dotnet(params string[] arguments) => InHome(new ToolCommand("dotnet", arguments)) with { WorkingDirectory = _checkout };

    private ToolCommand InHome(ToolCommand command)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return command
            .WithEnvironment("HOME", Directory.CreateDirectory(Path.Combine(_checkout, "home")).FullName)
            .WithEnvironment("NUGET_PACKAGES", packages);
    }

    private string[] Versions() => Directory.GetDirectories(Path.Combine(_checkout, "build", "bin", "app"));
}
