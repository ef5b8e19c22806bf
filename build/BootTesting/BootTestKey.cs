using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab;
using Dom0Image.Store;
using Dom0Image.Xen.Guest;

namespace Dom0Image.BootTesting;

/// <summary>What the boot of a scenario depends on: the generation, the loaders, the guest, and every file that its servers are fed with.</summary>
internal static class BootTestKey
{
    // Raise it when the test asks more of a generation than before, and that is not in what clients are checked by.
    private const int Version = 6;

    /// <summary>The key of each of a plan's scenarios, by its name. A generation that passed one with the same key need not be booted so again.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">GRUB's modules, or what the guest is made of, are not installed.</exception>
    public static ImmutableSortedDictionary<string, string> Of(BootTestPlan plan)
    {
        // Both are made from this machine's packages, so that an upgrade of these changes what is published.
        var guest = plan.All.Any(s => s.DomU) && ExampleGuest.KernelOf(plan.Generation) is { } kernel ? ExampleGuest.KeyOf(kernel).Value : "";
        return Of(plan, GrubImages.KeyOf(LabSite.SerialLine).Value, guest);
    }

    /// <summary>The keys of a test with loaders and a guest of these keys.</summary>
    internal static ImmutableSortedDictionary<string, string> Of(BootTestPlan plan, string loaders, string guest)
        => plan.All.ToImmutableSortedDictionary(scenario => scenario.Name, scenario => Of(plan, scenario, loaders, guest).Value, StringComparer.Ordinal);

    private static StageKey Of(BootTestPlan plan, BootScenario scenario, string loaders, string guest)
    {
        var files = BootFiles.Generate(LabSite.For(plan.Site, scenario).Site, plan.Boot);
        var key = StageKey.For("boot-test", Version).AddSource("BootTesting/Checks/", "BootLab/DomU/").Add("scripts", EmbeddedText.Below("BootTesting/"))
            .Add("generation", plan.Generation.Id)
            .Add("loaders", loaders)
            .Add("guest", scenario.DomU ? guest : "")
            .Add("may fail", plan.Recipe.MayFail.Select(m => m.Service))
            .Add("scenario", $"{scenario}")
            .Add("menus", files.MenuKey);
        foreach (var (place, file) in files.ServerFiles.Where(f => !IsOfStart(f.Key)))
        {
            key.Add(place, file.Content);
        }

        return key.Build();
    }

    // The lab starts its servers itself, and what it exports lies on images of its own size: what systemd and udev read is not used.
    private static bool IsOfStart(string place) => place.StartsWith("/etc/systemd/", StringComparison.Ordinal) || place.StartsWith("/etc/udev/", StringComparison.Ordinal);
}
