using Dom0Image.Diagnostics;

namespace Dom0Image.Tests.Diagnostics;

internal sealed class NearestSpecs
{
    private static readonly string[] Known = ["suite", "components", "xen-options", "kernel-options", "init"];

    [TestCase("siute", "suite")]
    [TestCase("Suite", "suite")]
    [TestCase("component", "components")]
    [TestCase("xen_options", "xen-options")]
    [TestCase("kernl-optoins", "kernel-options")]
    [TestCase("int", "init")]
    [TestCase("flash", null)]
    [TestCase("", null)]
    public void I_get_the_word_that_I_meant_and_none_when_it_is_too_far(string word, string? meant)
        => Assert.That(Nearest.To(word, Known), Is.EqualTo(meant));

    [Test]
    public void I_get_no_word_when_there_are_none() => Assert.That(Nearest.Hint("suite", []), Is.Null);
}
