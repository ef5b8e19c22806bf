using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

/// <summary>The whole boot test, which uses all processors by itself.</summary>
[Category("Boots")]
[NonParallelizable]
internal sealed class BootTestSpecs
{
    [Test]
    public async Task The_default_recipe_boots_in_every_way()
    {
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();
        var plan = built.Plan(BootScenarioChoice.Standard(clients: 3, xen: true, guest: true), report.Path);

        var result = await BootTest.RunAsync(plan, built.Context);

        TestContext.Progress.WriteLine(File.ReadAllText(report["report.txt"]));
        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Scenarios.Sum(s => s.Clients.Length), Is.EqualTo(6));
        Assert.That(result.Scenarios[0].Clients[0].Checks.Select(c => c.Name), Does.Contain("domu-answers").And.Contain("domu-disk-released"));
        Assert.That(result.Scenarios[0].Clients[0].Course.Reached.Keys, Is.EqualTo(Enum.GetValues<BootStep>()));
        Assert.That(File.ReadAllText(report["timeline.svg"]), Does.StartWith("<svg"));
        Assert.That(Directory.GetFiles(report.Path, "serial-*.log", SearchOption.AllDirectories), Has.Length.EqualTo(6));
        Assert.That(BootTestProgress.Of(plan).Missing, Is.Empty, "it need not be booted again");
        Assert.That(BootTestProgress.Of(plan with { Site = plan.Site with { MenuTimeout = 7, BootServer = System.Net.IPAddress.Parse("192.168.0.6") } }).Missing, Has.Length.EqualTo(4));
    }
}
