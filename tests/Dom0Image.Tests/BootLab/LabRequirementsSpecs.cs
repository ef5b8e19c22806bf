using Dom0Image.BootLab;

namespace Dom0Image.Tests.BootLab;

internal sealed class LabRequirementsSpecs
{
    [Test]
    public void A_machine_with_taps_and_memory_will_do() => Assert.That(LabRequirements.Missing(3, taps: true, loops: true, 3900), Is.Empty);

    [Test]
    public void I_am_told_how_many_clients_fit()
    {
        var missing = LabRequirements.Missing(3, taps: true, loops: true, 2700).Single();

        Assert.That(missing.Expected, Is.EqualTo("3900 MB"));
        Assert.That(missing.Hint, Does.Contain("--clients=2").And.Contain("--boot-test=no"));
    }

    [Test]
    public void I_am_told_all_that_is_missing() => Assert.That(LabRequirements.Missing(1, taps: false, loops: false, 500), Has.Length.EqualTo(3));

    [TestCase(2, 8000, 2)]
    [TestCase(16, 8000, 6)]
    [TestCase(2, 500, 1)]
    public void As_many_clients_run_side_by_side_as_there_are_processors_and_memory(int processors, long megabytes, int clients)
        => Assert.That(LabRequirements.ClientsAtOnce(processors, megabytes), Is.EqualTo(clients));

    [Test]
    public void The_memory_is_what_the_kernel_says_is_available()
        => Assert.That(LabRequirements.ReadMegabytes(["MemTotal:  8000000 kB", "MemFree:   100 kB", "MemAvailable:    2048000 kB"]), Is.EqualTo(2000));
}
