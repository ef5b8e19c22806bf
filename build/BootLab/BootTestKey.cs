using Dom0Image.Boot;
using Dom0Image.Stages;

namespace Dom0Image.BootLab;

/// <summary>What a boot test depends on: the generation, and every file that its servers are fed with.</summary>
public static class BootTestKey
{
    // Raise it when the test asks more of a generation than before.
    private const int Version = 1;

    /// <summary>The key of a test. A generation that passed a test with the same key need not be booted again.</summary>
    public static StageKey Of(BootTestPlan plan)
    {
        var key = StageKey.For("boot-test", Version).Add("generation", plan.Generation.Id);
        foreach (var scenario in plan.Scenarios)
        {
            var files = BootFiles.Generate(LabSite.For(plan.Site, scenario).Site, plan.Boot);
            key.Add("scenario", $"{scenario}").Add("menus", files.MenuKey);
            foreach (var (place, file) in files.ServerFiles)
            {
                key.Add(place, file.Content);
            }
        }

        return key.Build();
    }
}
