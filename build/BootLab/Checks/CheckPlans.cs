using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.BootLab.Checks;

/// <summary>Makes check plans from the recipe that an image was made from.</summary>
internal static class CheckPlans
{
    private static readonly string[] Candidates =
        ["/", "/boot", "/etc", "/etc/init.d", "/etc/xen", "/opt", "/srv", "/usr", "/usr/bin", "/usr/local", "/var", "/var/lib", "/var/lib/dpkg"];

    /// <summary>What a client is held against.</summary>
    /// <param name="plan">What is booted.</param>
    /// <param name="host">The client, as the lab's site has it.</param>
    /// <param name="profile">What it boots.</param>
    public static CheckPlan For(BootTestPlan plan, BootHost host, BootProfile profile)
    {
        var flash = plan.Recipe.Flash;
        var owners = ImageOwners.Read(plan.Generation.Root);
        return new CheckPlan(
            host.Name,
            plan.Site.BootServer,
            Places.RootOf(plan.Generation.Id),
            plan.Site.Images,
            profile.Xen,
            plan.Recipe.Init,
            [.. flash.Entries.Select(e => Expected(flash, e, owners))],
            [.. Candidates.Where(path => IsReadOnlyDirectory(plan.Generation.Root, flash, path))])
        {
            RootCard = RootCard.Expected(profile, host),
            AddressIsLent = RootCard.IsLent(profile),
        };
    }

    private static ExpectedFlash Expected(FlashList flash, FlashEntry entry, ImageOwners owners) => new(
        entry.Path,
        entry.Kind,
        entry.Mode,
        owners.FindUser(entry.Owner) ?? uint.MaxValue,
        owners.FindGroup(entry.Group) ?? uint.MaxValue,
        flash.ParentOf(entry) is null);

    private static bool IsReadOnlyDirectory(string root, FlashList flash, string path)
        => new DirectoryInfo(root + path) is { Exists: true, LinkTarget: null } && FlashPaths.Covering(flash, path) is null;
}
