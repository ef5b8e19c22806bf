using Dom0Image.Recipes;

namespace Dom0Image.Tests.Recipes;

internal sealed class SuitesSpecs
{
    // The first of today's ways, and the last before it.
    [TestCase("buster", "non-free", "buster/updates", "sysvinit-core", true, true)]
    [TestCase("bullseye", "non-free", "bullseye-security", "sysvinit-core", true, true)]
    [TestCase("bookworm", "non-free-firmware", "bookworm-security", "sysvinit-core", true, true)]
    [TestCase("jessie", "non-free", "jessie/updates", "sysvinit-core", true, true)]
    [TestCase("wheezy", "non-free", "wheezy/updates", "sysvinit", true, false)]
    [TestCase("squeeze", "non-free", "squeeze/updates", "sysvinit", true, false)]
    [TestCase("lenny", "non-free", "lenny/updates", "sysvinit", false, false)]
    public void Older_suites_differ_in_what_they_did(string suite, string firmware, string security, string init, bool devtmpfs, bool attributes)
        => Assert.That(
            (Suites.FirmwareComponent(suite), Suites.Archives(suite)[^1], Suites.Sysvinit(suite), Suites.HasDevtmpfs(suite), Suites.TarHasAttributes(suite)),
            Is.EqualTo((firmware, security, init, devtmpfs, attributes)));

    [TestCase("trixie")]
    [TestCase("forky")]
    [TestCase("duke")]
    [TestCase("stable")]
    public void A_suite_that_comes_is_as_those_of_today(string suite)
        => Assert.That(
            (Suites.FirmwareComponent(suite), Suites.Archives(suite), Suites.Sysvinit(suite), Suites.HasDevtmpfs(suite), Suites.TarHasAttributes(suite)),
            Is.EqualTo(("non-free-firmware", new[] { suite, $"{suite}-updates", $"{suite}-security" }, "sysvinit-core", true, true)));
}
