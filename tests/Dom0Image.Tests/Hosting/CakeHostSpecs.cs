using Cake.Core.Diagnostics;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;

namespace Dom0Image.Tests.Hosting;

/// <summary>The stand-in does what the package's own documentation promises.</summary>
internal sealed class CakeHostSpecs
{
    [Test]
    public void I_get_tasks_run_in_the_order_of_their_dependencies()
    {
        var (exitCode, trace) = Run("--target=Third");

        Assert.That(exitCode, Is.Zero);
        Assert.That(trace, Is.EqualTo(new[] { "first", "third" }));
    }

    [Test]
    public void I_can_run_a_target_alone()
        => Assert.That(Run("--target=Third", "--exclusive").Trace, Does.Contain("third").And.Not.Contain("first"));

    [Test]
    public void I_can_run_several_targets()
    {
        var (exitCode, trace) = Run("--target=First", "--target=AfterSkipped");

        Assert.That(exitCode, Is.Zero);
        Assert.That(trace, Is.EqualTo(new[] { "first", "after skipped" }));
    }

    [Test]
    public void I_get_a_task_left_out_that_has_nothing_to_do()
    {
        var (exitCode, trace) = Run("--target=AfterSkipped");

        Assert.That(exitCode, Is.Zero);
        Assert.That(trace, Does.Contain("after skipped").And.Not.Contain("skipped"));
    }

    [Test]
    public void I_get_a_code_other_than_0_and_the_rest_is_not_run_when_a_task_fails()
    {
        var (exitCode, trace) = Run("--target=AfterFailing");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(trace, Is.Empty);
    }

    [Test]
    public void I_get_nothing_run_in_a_dry_run()
    {
        var (exitCode, trace) = Run("--dryrun", "--target=Third");

        Assert.That(exitCode, Is.Zero);
        Assert.That(trace, Does.Not.Contain("first").And.Not.Contain("third"));
    }

    [Test]
    public void I_get_an_error_for_a_target_that_is_not_there()
        => Assert.That(Run("--target=Nonsense").ExitCode, Is.Not.Zero);

    private static (int ExitCode, string[] Trace) Run(params string[] arguments)
    {
        var trace = new Trace();
        var exitCode = new CakeHost()
            .AddAssembly(typeof(CakeHostSpecs).Assembly)
            .ConfigureServices(services => services.AddSingleton(trace).AddSingleton<ICakeLog, NullLog>())
            .UseContext<TraceContext>()
            .Run(arguments);
        return (exitCode, [.. trace.Lines]);
    }
}
