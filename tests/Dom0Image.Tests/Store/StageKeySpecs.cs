using Dom0Image.Store;

namespace Dom0Image.Tests.Store;

internal sealed class StageKeySpecs
{
    [Test]
    public void I_get_another_key_when_two_values_are_cut_elsewhere()
    {
        var one = StageKey.For("s", 1).Add("ab", "c").Build();
        var other = StageKey.For("s", 1).Add("a", "bc").Build();

        Assert.That(one, Is.Not.EqualTo(other));
    }
}
