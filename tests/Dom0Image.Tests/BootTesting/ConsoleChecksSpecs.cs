using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.BootTesting;

internal sealed class ConsoleChecksSpecs
{
    private const string Sysvinit = """
        Using makefile-style concurrent boot in runlevel 2.
        Starting periodic command scheduler: cron.
        Starting MariaDB database server: mariadbdmkdir: cannot create directory '/var/lib/mysql': Read-only file system
        [   40.123456] e1000: eth0 NIC Link is Up
         failed!
        Starting S.M.A.R.T. daemon: smartd failed!
        Starting OpenBSD Secure Shell server: sshd.
        startpar: service(s) returned failure: mariadb smartmontools  ... failed!

        """;

    [Test]
    public void I_am_told_which_services_failed_and_what_each_said()
    {
        var found = Of(Sysvinit, name => name switch
        {
            "mariadb" => "log_daemon_msg \"Starting MariaDB database server\" \"mariadbd\"",
            "smartmontools" => "log_daemon_msg \"Starting S.M.A.R.T. daemon\" \"smartd\"",
            _ => null,
        });

        var failed = found.Where(c => !c.Passed && ServiceChecks.ServiceOf(c) is not null).ToDictionary(c => ServiceChecks.ServiceOf(c)!, c => c.Lines);
        Assert.That(failed.Keys, Is.EquivalentTo(new[] { "mariadb", "smartmontools" }));
        Assert.That(failed["mariadb"], Is.EqualTo(new[] { "Starting MariaDB database server: mariadbdmkdir: cannot create directory '/var/lib/mysql': Read-only file system", "failed!" }));
        Assert.That(failed["smartmontools"], Is.EqualTo(new[] { "Starting S.M.A.R.T. daemon: smartd failed!" }));
        Assert.That(found.Where(c => !c.Passed && ServiceChecks.ServiceOf(c) is null).Select(c => c.Name), Is.EqualTo(new[] { "console-without-read-only" }), "what failed is told once");
    }

    [Test]
    public void A_service_without_a_word_of_its_own_is_named_too()
    {
        var found = Of("Starting x.\nstartpar: service(s) returned failure: quiet  ... failed!\n", _ => null);

        Assert.That(found.Where(c => !c.Passed).Select(c => c.Name), Is.EqualTo(new[] { "service quiet" }));
    }

    [Test]
    public void I_am_told_which_unit_failed()
    {
        var found = Of("[  OK  ] Started ssh.service - OpenBSD Secure Shell server.\n[FAILED] Failed to start mariadb.service - MariaDB 11.8 database server.\n[FAILED] Failed to mount srv.mount - /srv.\n", _ => null);

        Assert.That(found.Where(c => !c.Passed).Select(c => c.Name), Is.EqualTo(new[] { "service mariadb", "service srv.mount" }));
    }

    [TestCase("/etc/init.d/x: 12: nosuch: not found")]
    [TestCase("Starting something odd: x failed!")]
    [TestCase("[   12.0] Oops: 0000 [#1]")]
    public void What_no_service_is_known_for_is_told_as_it_stands(string line)
        => Assert.That(Of(line + "\n", _ => null).Where(c => !c.Passed).Select(c => (c.Name, c.Detail)), Is.EqualTo(new[] { ("console-without-failures", line) }));

    [Test]
    public void I_am_told_the_service_whose_script_says_that_it_failed_and_ends_well()
        => Assert.That(
            Of("[  139.5] ata1: reset failed!\nStarting System Security Services Daemon: sssd failed!\n", name => name == "sssd" ? "#!/bin/sh\n" : null).Where(c => !c.Passed).Select(c => c.Name),
            Is.EqualTo(new[] { "console-without-failures", "service sssd" }), "the kernel's line is no service's");

    [Test]
    public void A_boot_without_a_failure_passes()
        => Assert.That(Of("Starting a: b.\npost01 login: \n", _ => null).Select(c => c.Passed), Is.EqualTo(new[] { true, true }));

    [Test]
    public void I_am_told_before_the_boot_of_a_service_that_may_fail_and_is_not_there()
    {
        using var image = new TestImage();
        Directory.CreateDirectory(image.Root + "/etc/init.d");
        File.WriteAllText(image.Root + "/etc/init.d/smartmontools", "#!/bin/sh\n");
        var recipe = TestImage.RecipeWith(TestImage.List()) with
        {
            MayFail = [new MayFail("smartmontool", "no disk", new SourceLocation("recipes/small.yaml", 7, 3)), new MayFail("smartmontools", "no disk")],
        };

        Assert.That(() => ImageServices.Check(recipe, image.Root), Throws.TypeOf<BuildFailedException>().With.Message.EqualTo(
            "recipes/small.yaml:7:3: 'smartmontool' is no service of this image, so that it cannot fail; expected the name of a script in /etc/init.d of the image. Did you mean 'smartmontools'?"));
        Assert.That(ImageServices.ScriptOf(image.Root, "../../etc/passwd"), Is.Null, "a client names it");
    }

    private static ImmutableArray<CheckResult> Of(string console, Func<string, string?> script)
        => ConsoleChecks.Of(console.Split('\n').Select(l => new ConsoleLine(TimeSpan.Zero, l)), script);
}
