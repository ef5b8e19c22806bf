namespace Dom0Image.Tests.Hosting;

/// <summary>The real program. Nothing here needs root or writes anywhere.</summary>
internal sealed class CommandSpecs
{
    [Test]
    public async Task I_can_see_which_target_needs_which()
    {
        var (exitCode, output, _) = await TheCommand.Run("--tree");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("Default").And.Contain("Test").And.Contain("─HostTools"));
    }

    [Test]
    public async Task I_can_see_what_would_run_and_nothing_runs()
    {
        var store = Path.Combine(Path.GetTempPath(), $"never-made-{Guid.NewGuid():N}");
        var (exitCode, output, _) = await TheCommand.Run("--dryrun", "--target=Test", $"--store={store}");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Match("1. HostTools\n2. Test\n").And.Contain("No tasks were actually executed"));
        Assert.That(Directory.Exists(store), Is.False);
    }

    [Test]
    public async Task I_can_see_what_each_target_is_for()
    {
        var (exitCode, output, _) = await TheCommand.Run("--description");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Match("Test +Builds and runs all tests"));
    }

    [Test]
    public async Task I_can_see_all_options_in_the_help()
    {
        var (exitCode, output, _) = await TheCommand.Run("--help");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("--target").And.Contain("--tree").And.Contain("--verbosity").And.Contain("--prefix=DIR").And.Contain("--boot-test=yes|quick|no"));
    }

    [Test]
    public async Task I_get_the_version()
        => Assert.That(await TheCommand.Run("--version"), Is.EqualTo((0, "0.1.0\n", "")));

    [Test]
    public async Task I_get_every_wrong_option_at_once_with_the_nearest_right_one()
    {
        var (exitCode, _, errors) = await TheCommand.Run("--tree", "--recpe=etch", "--clients=0", "--verbositty=quiet");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("unknown option --recpe. Did you mean --recipe?"));
        Assert.That(errors, Does.Contain("--clients=0 is not understood; expected a number from 1 to 99"));
        Assert.That(errors, Does.Contain("unknown option --verbositty. Did you mean --verbosity?"));
        Assert.That(errors, Does.Not.Contain("   at "), "no stack trace");
    }

    [Test]
    public async Task I_get_a_stack_trace_when_I_ask_for_it()
    {
        var (exitCode, _, errors) = await TheCommand.Run("--verbosity=diagnostic", "--target=Nonsense");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("'Nonsense' was not found").And.Contain("   at "));
    }

    [TestCase("--target=Nonsense", "the target 'Nonsense' was not found")]
    [TestCase("--", "'surplus' is not understood")]
    public async Task I_get_a_clear_error_and_a_code_for(string argument, string error)
    {
        var (exitCode, output, errors) = await TheCommand.Run(argument, argument == "--" ? "surplus" : "--prefix=/tmp/x");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain(error).And.Not.Contain("   at "));
        Assert.That(output, Does.Not.Contain("\u001b"), "no colours in a pipe");
    }

    [Test]
    public async Task I_get_a_clear_error_for_a_word_that_is_no_option()
    {
        var (exitCode, output, errors) = await TheCommand.Run("bootfiles");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output + errors, Does.Contain("Unknown command 'bootfiles'"));
    }
}
