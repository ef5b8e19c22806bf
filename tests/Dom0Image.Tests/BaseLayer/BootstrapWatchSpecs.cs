using Dom0Image.BaseLayer;
using Dom0Image.Store;

namespace Dom0Image.Tests.BaseLayer;

internal sealed class BootstrapWatchSpecs
{
    [Test]
    public void I_see_each_activity_go_forward_and_never_back()
    {
        var told = new Told();
        var watch = new BootstrapWatch(told);

        string[] lines =
        [
            "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.", "Get:1 a", "Get:2 b", "Setting up a (1) ...", "Setting up b (1) ...",
            "0 upgraded, 4 newly installed, 0 to remove and 0 not upgraded.", "Get:1 c", "Setting up c (1) ...",
        ];
        foreach (var line in lines)
        {
            watch.OnLine(line);
        }

        Assert.That(told.Reports, Is.EqualTo(new (string, double?)[]
        {
            ("downloading the essential packages", 0.5), ("downloading the essential packages", 1),
            ("installing the essential packages", 0.5), ("installing the essential packages", 1),
            ("downloading the other packages", 0.25), ("installing the other packages", 0.25),
        }));
    }

    private sealed class Told : IStageProgress
    {
        public List<(string Activity, double? Fraction)> Reports { get; } = [];

        public void Report(string activity, double? fraction = null) => Reports.Add((activity, fraction));

        public void Note(string message)
        {
        }

        public void Warn(string message)
        {
        }
    }
}
