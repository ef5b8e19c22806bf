using System.Diagnostics;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Store;
using Dom0Image.Tasks;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.HostTools;

internal sealed class HostToolSpecs
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("host-tools-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void I_get_the_packages_that_are_not_installed_whole()
    {
        var file = Path.Combine(_directory, "status");
        File.WriteAllText(file, """
            Package: gcc
            Status: install ok installed
            Version: 4:12.2.0-3

            Package: bison
            Status: deinstall ok config-files

            Package: flex
            Status: install ok half-configured
            Description: talks of gcc
             Package: bc
             Status: install ok installed

            """);

        var lacking = HostToolInstaller.Lacking([new("gcc", "a"), new("bison", "b"), new("flex", "c"), new("bc", "d")], DpkgStatus.Read(file));

        Assert.That(lacking.Select(t => t.Package), Is.EqualTo(new[] { "bison", "flex", "bc" }));
    }

    [Test]
    public void I_get_the_answer_of_this_machine_quickly()
    {
        var watch = Stopwatch.StartNew();
        var status = DpkgStatus.Read();
        watch.Stop();

        Assert.That(status.Has("dpkg"), Is.True);
        Assert.That(status.Has("no-such-package"), Is.False);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), "a fraction of a second on a machine that is not busy");
    }

    [Test]
    public void I_need_no_compiler_to_make_boot_files_and_no_QEMU_without_a_boot_test()
    {
        string[] Packages(string target, bool bootTest) => [.. HostToolTable.For(TaskNeeds.Of([target], bootTest)).Select(t => t.Package)];

        Assert.That(Packages("BootFiles", bootTest: true), Does.Contain("grub-pc-bin").And.Not.Contain("gcc").And.Not.Contain("qemu-system-x86"));
        Assert.That(Packages("Serve", bootTest: true), Does.Contain("curl").And.Contain("libnfs-utils").And.Not.Contain("nfs-kernel-server").And.Not.Contain("qemu-system-x86"));
        Assert.That(HostToolTable.For(TaskNeeds.Of(["Serve"], bootTest: true), Sites.OneServer() with { NfsServer = NfsServer.Kernel }).Select(t => t.Package), Does.Contain("nfs-kernel-server"));
        Assert.That(Packages("Kernels", bootTest: true), Does.Contain("gcc").And.Contain("gpgv").And.Not.Contain("qemu-system-x86").And.Not.Contain("grub-pc-bin"));
        Assert.That(Packages("BaseLayer", bootTest: true), Does.Contain("mmdebstrap").And.Not.Contain("gcc"));
        Assert.That(Packages("Default", bootTest: false), Does.Contain("gcc").And.Not.Contain("qemu-system-x86"));
        Assert.That(Packages("default", bootTest: true), Does.Contain("gcc").And.Contain("qemu-system-x86").And.Not.Contain("strace"));
        Assert.That(Packages("Test", bootTest: false), Does.Contain("strace").And.Contain("qemu-system-x86"));
        Assert.That(Packages("Test", bootTest: false), Is.Unique);
        Assert.That(Packages("HostTools", bootTest: true), Is.EquivalentTo(Packages("Default", bootTest: true)));
        Assert.That(Packages("WriteAudit", bootTest: false), Does.Contain("qemu-system-x86"));
        Assert.That(Packages("Plan", bootTest: true), Does.Contain("gpgv").And.Not.Contain("gcc"));
    }

    [Test]
    public void I_get_the_exact_command_when_I_am_not_root()
        => Assert.That(
            () => new HostToolInstaller(isRoot: false).InstallAsync(Stage(), [new("bison", "kernel compile"), new("flex", "kernel compile")]),
            Throws.TypeOf<BuildFailedException>().With.Message.Contains("sudo apt-get install --no-install-recommends bison flex"));

    [Test]
    public async Task I_get_no_server_started_while_packages_are_installed_and_the_hosts_own_policy_is_untouched()
    {
        const string policy = "/usr/sbin/policy-rc.d";
        var before = File.Exists(policy) ? File.ReadAllText(policy) : null;
        using (var guard = new QuietServers(_directory))
        {
            var inside = await Stage().RunAsync(guard.Wrap(new ToolCommand(policy, "any-server", "start") { SuccessCodes = [101] }));
            Assert.That(inside.ExitCode, Is.EqualTo(101));
            Assert.That(File.Exists(policy) ? File.ReadAllText(policy) : "", Is.EqualTo(before ?? ""), "outside, meanwhile");
        }

        Assert.That(File.Exists(policy) ? File.ReadAllText(policy) : null, Is.EqualTo(before));
        Assert.That(Directory.GetFileSystemEntries(_directory), Is.Empty);
    }

    private static StageContext Stage()
    {
        var board = new PlainBoard(TextWriter.Null, () => TimeSpan.Zero);
        return new StageContext(new BuildStore("/nonexistent"), new ToolRunner(), board.Start("host tools"), CancellationToken.None);
    }
}
