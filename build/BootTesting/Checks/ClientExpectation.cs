using System.Collections.Immutable;
using System.Net;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.BootTesting.Checks;

/// <summary>What a client is held against.</summary>
/// <param name="HostName">Its name.</param>
/// <param name="Server">Address of its boot server.</param>
/// <param name="RootPath">Exported path of its root.</param>
/// <param name="Images">How it gets the images of domUs.</param>
/// <param name="Xen">Whether it runs under Xen.</param>
/// <param name="Init">Init system of the image.</param>
/// <param name="Flash">Writable paths, with owners as numbers.</param>
/// <param name="ReadOnly">Directories of the image in which nothing may be written.</param>
internal sealed record ClientExpectation(
    string HostName,
    IPAddress Server,
    string RootPath,
    ImagesExport Images,
    bool Xen,
    InitSystem Init,
    ImmutableArray<ExpectedFlash> Flash,
    ImmutableArray<string> ReadOnly)
{
    private static readonly string[] Candidates =
        ["/", "/boot", "/etc", "/etc/init.d", "/etc/xen", "/opt", "/srv", "/usr", "/usr/bin", "/usr/local", "/var", "/var/lib", "/var/lib/dpkg"];

    /// <summary>The card that its root comes over: an interface's name, MACs with commas, or <c>any</c>.</summary>
    public required string RootCard { get; init; }

    /// <summary>Whether it has its address by DHCP.</summary>
    public bool AddressIsLent { get; init; } = true;

    /// <summary>Services that its console named as failed: their logs are asked for.</summary>
    public ImmutableArray<string> FailedServices { get; init; } = [];

    /// <summary>What a client is held against, by the recipe that its image was made from.</summary>
    /// <param name="plan">What is booted.</param>
    /// <param name="host">The client, as the lab's site has it.</param>
    /// <param name="profile">What it boots.</param>
    public static ClientExpectation For(BootTestPlan plan, BootHost host, BootProfile profile)
    {
        var flash = plan.Recipe.Flash;
        var owners = ImageOwners.Read(plan.Generation.Root);
        return new ClientExpectation(
            host.Name,
            plan.Site.BootServer,
            Places.RootOf(plan.Generation.Id),
            plan.Site.Images,
            profile.Xen,
            plan.Recipe.Init,
            [.. flash.Entries.Select(e => Expected(flash, e, owners))],
            [.. Candidates.Where(path => IsReadOnlyDirectory(plan.Generation.Root, flash, path))])
        {
            RootCard = Boot.RootCard.Expected(profile, host),
            AddressIsLent = Boot.RootCard.IsLent(profile),
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

/// <summary>A writable path as a client must have it.</summary>
/// <param name="Path">Path in the image.</param>
/// <param name="Kind">What stands there.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="User">Owner's number.</param>
/// <param name="Group">Group's number.</param>
/// <param name="HasLink">Whether the image has a link into /flash at that very path; else it lies below one that has.</param>
internal sealed record ExpectedFlash(string Path, FlashKind Kind, int Mode, uint User, uint Group, bool HasLink);
