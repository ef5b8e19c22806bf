using System.Globalization;
using System.Reflection;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Testing;

namespace Dom0Image.Tests.Testing;

/// <summary>The tests that take too long for every run.</summary>
internal sealed class LongTestSpecs
{
    [Test]
    public void I_find_each_long_test_in_one_part_and_no_part_without_tests()
    {
        var categories = typeof(LongTestSpecs).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(m => m.GetCustomAttributes<TestAttribute>().Any() || m.GetCustomAttributes<TestCaseAttribute>().Any() || m.GetCustomAttributes<TestCaseSourceAttribute>().Any()))
            .SelectMany(test => LongCategories(test).Select(categories => (Test: $"{test.DeclaringType!.Name}.{test.Name}", Long: categories)))
            .Where(t => t.Long.Length > 0)
            .ToList();

        Assert.Multiple(() =>
        {
            Assert.That(categories.Where(t => t.Long.Length > 1), Is.Empty);
            Assert.That(categories.SelectMany(t => t.Long).Distinct(), Is.EquivalentTo(LongTestPart.All.Select(p => p.Category)));
        });
    }

    [Test]
    public void I_get_a_page_that_keeps_what_other_parts_gave()
    {
        var (one, two) = (LongTestPart.All[0], LongTestPart.All[1]);
        var first = LongTestPage.With("", one, new TestTally(3, 0, []), TimeSpan.FromMinutes(7), new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero), "abc1234");
        var both = LongTestPage.With(first, two, new TestTally(1, 0, [new TestFailure("x", "y", "")]), TimeSpan.FromMinutes(12), new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero), "def5678-dirty");

        Assert.That(first, Does.Contain($"| `{one.Name}` | {one.About} | 3 passed, 0 failed | 7 min | 2026-11-27, abc1234 |\n"));
        Assert.That(first, Does.Contain($"| `{two.Name}` | {two.About} | not run yet | | |\n"));
        Assert.That(both, Does.Contain($"| `{one.Name}` | {one.About} | 3 passed, 0 failed | 7 min | 2026-11-27, abc1234 |\n"));
        Assert.That(both, Does.Contain($"| `{two.Name}` | {two.About} | 1 passed, 1 failed | 12 min | 2026-11-28, def5678-dirty |\n"));
    }

    [Test]
    public void I_wait_half_an_hour_at_most_for_a_part()
    {
        var took = File.ReadLines(Path.Combine(RepositoryRoot.Find(), "tests/LongTest.md"))
            .Where(row => row.StartsWith("| `", StringComparison.Ordinal))
            .Select(row => (Part: row.Split('`')[1], Minutes: row.Split(" | ") is [.., var time, _] && time.EndsWith(" min", StringComparison.Ordinal) ? int.Parse(time[..^4], CultureInfo.InvariantCulture) : 0))
            .ToList();

        Assert.That(took.Select(row => row.Part), Is.EqualTo(LongTestPart.All.Select(part => part.Name)), "what was not run yet stands there, too");
        Assert.That(took.Where(row => row.Minutes > 0), Is.Not.Empty);
        Assert.That(took.Where(row => row.Minutes > 30), Is.Empty);
    }

    [Test]
    public void I_get_the_nearest_part_for_a_name_that_is_none()
    {
        var problem = Assert.Throws<BuildFailedException>(() => LongTestPart.Chosen("fresh-server-kernal"))!;

        Assert.That(problem.Diagnostics.Single().ToString(), Does.Contain("'fresh-server-kernal'").And.Contain("Did you mean 'fresh-server-kernel'"));
    }

    [Test]
    public void I_get_a_failure_where_a_part_ran_no_test()
        => Assert.That(TestTally.Required(TestTally.None, "fresh-server-12").ToString(), Is.EqualTo("0 passed, 1 failed"));

    // Of each case by itself: some of a test's may be long, and others not.
    private static List<string[]> LongCategories(MethodInfo test)
    {
        string[] ofAll = [.. test.GetCustomAttributes<CategoryAttribute>().Concat(test.DeclaringType!.GetCustomAttributes<CategoryAttribute>()).Select(c => c.Name).Where(IsLong)];
        var cases = test.GetCustomAttributes<TestCaseAttribute>().Select(c => (string[])[.. (c.Category ?? "").Split(',').Where(IsLong), .. ofAll]).ToList();
        return cases.Count > 0 ? cases : [ofAll];
    }

    private static bool IsLong(string category) => category.StartsWith("Long", StringComparison.Ordinal);
}
