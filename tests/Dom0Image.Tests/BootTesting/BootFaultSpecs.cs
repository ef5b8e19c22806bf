using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Report;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

/// <summary>A boot test that passes on a broken image is a defect.</summary>
[Category("Boots")]
[Parallelizable(ParallelScope.Self)]
internal sealed class BootFaultSpecs
{
    private static readonly BootScenario Plain = new("plain", new ClientHardware(Firmware.Bios, NetworkCard.Virtio), Xen: false);

    [Test]
    public async Task I_am_told_of_a_path_that_is_missing_in_the_flash_list()
    {
        var built = await BuiltGeneration.GetAsync();
        var flash = built.Recipe.Flash;
        var without = built.Recipe with { Flash = flash with { Entries = [.. flash.Entries.Where(e => !e.Path.StartsWith("/var/log", StringComparison.Ordinal))] } };

        var result = await BootAsync(plan => plan with { Recipe = without }, new LabChanges { Root = root => PutBack(root, "/var/log") });

        var told = result.Problems.Select(p => $"{p}").ToList();
        Assert.That(told, Has.Some.Match("/var/log/.*Read-only file system"));
        Assert.That(told, Has.Some.Contain("logs-without-read-only: what logger writes is found neither"));
        Assert.That(result.Problems.Select(p => p.NextStep), Has.Some.Contain("--target=WriteAudit"));
    }

    [Test]
    public async Task I_am_told_of_a_write_that_only_the_system_s_log_tells_of()
    {
        var result = await BootAsync(plan => plan, new LabChanges { Root = PlantInSshServer });

        Assert.That(result.Problems, Has.Length.EqualTo(1), () => string.Join('\n', result.Problems));
        Assert.That(result.Problems[0].Title, Does.Match("logs-without-read-only: .*/usr/planted: Read-only file system"));
    }

    [Test]
    public async Task I_am_told_once_which_service_failed_on_which_clients_and_what_it_said()
    {
        var built = await BuiltGeneration.GetAsync();
        var recipe = built.Recipe with { MayFail = [new MayFail("brightness", "no screen here")] };

        var result = await BootAsync(plan => plan with { Recipe = recipe, Scenarios = [Plain with { Clients = 2 }] }, new LabChanges { Root = PlantFailures });

        Assert.That(result.Problems, Has.Length.EqualTo(1), () => string.Join('\n', result.Problems));
        var problem = result.Problems[0];
        var hosts = result.Scenarios.Single().Clients.Select(c => c.HostName).ToList();
        Assert.That(problem.Title, Is.EqualTo($"service 'rc.local' failed (plain: {string.Join(", ", hosts)})"));
        Assert.That(problem.Lines, Has.Some.Contain("no such planet"));
        Assert.That(problem.NextStep, Does.Contain("may-fail: { rc.local:"));
        Assert.That(BootReport.Of(result).MayFail, Is.EqualTo(new[] { "service 'brightness' may fail (no screen here): it did on 2 of 2 clients" }));
    }

    [Test]
    public async Task I_am_told_of_a_kernel_that_cannot_mount_its_root_over_NFS()
    {
        var built = await BuiltGeneration.GetAsync();
        var kernel = (await built.KernelWithoutRootNfsAsync()).Kernel;
        using var temp = new TempDirectory();
        var tftp = temp.Make("tftp");
        Directory.CreateDirectory(Path.Combine(tftp, "kernels"));
        File.Copy(kernel.Image, Path.Combine(tftp, "kernels", kernel.FileName));

        var result = await BootAsync(plan => plan with
        {
            Generation = plan.Generation with { TftpDirectory = tftp },
            Boot = plan.Boot with { Kernels = [new BootKernel("no-nfs", kernel.FileName)] },
        });

        var failure = Failure(result);
        Assert.That(failure.LastStep, Is.EqualTo(BootStep.Kernel));
        Assert.That(failure.Hint, Does.Contain("CONFIG_ROOT_NFS"));
    }

    [Test]
    public async Task I_am_told_of_a_menu_that_names_a_kernel_that_is_not_there()
    {
        var result = await BootAsync(plan => plan with { Boot = plan.Boot with { Kernels = [new BootKernel("gone", "kernel-0.0-gone")] } });

        var failure = Failure(result);
        Assert.That(failure.LastStep, Is.EqualTo(BootStep.Menu));
        Assert.That(failure.Hint, Does.Contain("menu names a kernel"));
    }

    [Test]
    public async Task I_am_told_of_an_export_that_is_not_there()
    {
        var result = await BootAsync(plan => plan, new LabChanges { Files = ExportNothingButImages });

        var failure = Failure(result);
        Assert.That(failure.LastStep, Is.EqualTo(BootStep.Kernel));
        Assert.That(failure.Hint, Does.Contain("exported"));
    }

    [Test]
    public async Task The_other_scenarios_end_at_once_when_the_lab_of_one_cannot_run()
    {
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();
        var labs = 0;
        var plan = built.Plan([Plain, Plain with { Name = "other" }], report.Path) with
        {
            ClientsAtOnce = 2,
        };

        // The second one's, when the first one's is on its way.
        var changes = new LabChanges { Files = _ => { if (Interlocked.Increment(ref labs) == 2) { throw new BuildFailedException(new Diagnostic("no lab here")); } } };

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootTest.RunAsync(plan, built.Context, changes));

        Assert.That(failure!.Message, Is.EqualTo("no lab here"), "and not that another was given up");
        Assert.That(labs, Is.EqualTo(2));
        Assert.That(Directory.GetFiles(report.Path, "serial-*.log", SearchOption.AllDirectories).Where(log => File.ReadAllText(log).Contains("login:")), Is.Empty);
    }

    [Test]
    public async Task I_am_told_of_an_init_script_that_ends_early()
    {
        var result = await BootAsync(plan => plan, new LabChanges
        {
            Root = root =>
            {
                var script = Path.Combine(root, "etc/init.d/dom0-ramtree");
                File.WriteAllText(script, File.ReadAllText(script).Replace("    mark start\n", "    mark start\n    exit 0\n", StringComparison.Ordinal));
            },
        });

        var failure = Failure(result);
        Assert.That(failure.LastStep, Is.EqualTo(BootStep.RootMounted));
        Assert.That(failure.Hint, Does.Contain("RAM tree"));
    }

    private static async Task<BootTestResult> BootAsync(Func<BootTestPlan, BootTestPlan> broken, LabChanges? changes = null)
    {
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();
        var result = await BootTest.RunAsync(broken(built.Plan([Plain], report.Path)), built.Context, changes);

        Assert.That(result.Passed, Is.False, "it passed a broken image");
        return result;
    }

    private static BootFailure Failure(BootTestResult result)
    {
        var failure = result.Scenarios.Single().Clients.Single().Course.Failure;
        Assert.That(failure, Is.Not.Null, () => string.Join('\n', result.Problems));
        return failure!;
    }

    // As if the path had never been in the list: a plain directory of the read-only root.
    private static void PutBack(string root, string path)
    {
        File.Delete(root + path);
        Directory.Move(root + "/flash" + path, root + path);
    }

    private static void PlantInSshServer(string root)
    {
        const string Before = ". /lib/lsb/init-functions\n";
        var script = root + "/etc/init.d/ssh";
        var text = File.ReadAllText(script);
        Assert.That(text, Does.Contain(Before));
        File.WriteAllText(script, text.Replace(Before, Before + "(: >/usr/planted) 2>&1 | logger -t planted\n", StringComparison.Ordinal));
    }

    private static void PlantFailures(string root)
    {
        foreach (var name in new[] { "rc.local", "brightness" })
        {
            var script = $"{root}/etc/init.d/{name}";
            var head = File.ReadAllText(script).Split("### END INIT INFO")[0];
            File.WriteAllText(script, head + $"""
                ### END INIT INFO
                . /lib/lsb/init-functions
                log_daemon_msg "Starting planted thing of {name[..2]}" "planted"
                echo 'planted: no such planet'
                log_end_msg 1
                exit 1

                """);
        }
    }

    private static void ExportNothingButImages(LabFiles files)
    {
        var file = files.Configuration + "/ganesha/dom0image-exports.conf";
        var blocks = File.ReadAllText(file).Split("EXPORT {");
        File.WriteAllText(file, string.Join("EXPORT {", blocks.Where(b => !b.Contains(Places.Generations, StringComparison.Ordinal))));
    }
}
