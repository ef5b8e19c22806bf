using System.Xml.Linq;
using Dom0Image.Processes;
using Dom0Image.Reporting;
using Dom0Image.Store;
using Dom0Image.Testing;

namespace Dom0Image.Tests.Testing;

/// <summary>Real runs of <c>dotnet test</c> on a small project.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class TestRunnerSpecs
{
    private const string Source = """
        using NUnit.Framework;

        public class Small
        {
            [Test] public void Good() { }
            [TestCase(1)] [TestCase(2)] public void Bad(int n) => Assert.That(n, Is.EqualTo(2), "one is not two");
            [Test, Ignore("later")] public void Ignored() { }
            [Test, Category("Slow")] public void Crash() => System.Environment.FailFast("boom");
        }
        """;

    private string _directory = "";
    private TestRunner _runner = null!;
    private StageContext _stage = null!;

    [OneTimeSetUp]
    public async Task BuildProject()
    {
        _directory = Directory.CreateTempSubdirectory("tests-of-tests-").FullName;
        var project = Path.Combine(_directory, "Small.csproj");
        new XElement("Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", new XElement("TargetFramework", "net10.0")),
            new XElement("ItemGroup", Package("Microsoft.NET.Test.Sdk"), Package("NUnit"), Package("NUnit3TestAdapter"))).Save(project);
        File.WriteAllText(Path.Combine(_directory, "Small.cs"), Source);
        _stage = new StageContext(
            new BuildStore(_directory),
            new ToolRunner(Path.Combine(_directory, "log")),
            new PlainBoard(TextWriter.Null, () => TimeSpan.Zero).Start("tests"),
            CancellationToken.None);
        _runner = new TestRunner(project, Path.Combine(_directory, "results"), isolated: true);
        await _runner.BuildAsync(_stage);
    }

    [OneTimeTearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task I_get_real_results_with_the_places_of_failures()
    {
        var tally = await _runner.RunAsync(_stage, TestGroup.Lanes[0][0]);

        Assert.That(tally.ToString(), Is.EqualTo("2 passed, 1 failed, 1 skipped"));
        var failure = tally.Failures.Single().ToDiagnostic();
        Assert.That(failure.What, Does.StartWith("Small.Bad(1)\n").And.Contain("one is not two"));
        Assert.That(failure.Where, Is.EqualTo(new Dom0Image.Diagnostics.SourceLocation(Path.Combine(_directory, "Small.cs"), 6)));
    }

    [Test]
    public async Task I_get_a_failure_when_the_tests_crash()
    {
        var tally = await _runner.RunAsync(_stage, TestGroup.Lanes[0][1]);

        Assert.That(tally.Failures, Has.Length.GreaterThan(0));
        Assert.That(tally.Failures[0].Message, Does.Contain("boom"));
    }

    [Test]
    public async Task I_get_no_tests_from_a_filter_that_names_none()
        => Assert.That((await _runner.RunAsync(_stage, TestGroup.Lanes[0][0].Narrowed("Name=Nothing"))).Count, Is.Zero);

    [Test]
    public async Task I_can_run_a_part()
        => Assert.That((await _runner.RunAsync(_stage, TestGroup.Lanes[0][0].Narrowed("Name=Good"))).ToString(), Is.EqualTo("1 passed, 0 failed"));

    private static XElement Package(string name)
    {
        var versions = XDocument.Load(Path.Combine(CommandLine.Checkout.Root, "Directory.Packages.props"));
        return new XElement(
            "PackageReference",
            new XAttribute("Include", name),
            new XAttribute("Version", versions.Descendants("PackageVersion").Single(p => (string?)p.Attribute("Include") == name).Attribute("Version")!.Value));
    }
}
