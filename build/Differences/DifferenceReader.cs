using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Differences;

/// <summary>Compares finished generations by what is kept with them. Runs no tool, takes no lock, writes nothing.</summary>
/// <param name="places">Where they stand.</param>
/// <param name="site">Whose menus would name them.</param>
internal sealed class DifferenceReader(Places places, Site site)
{
    /// <summary>Compares two of them.</summary>
    /// <exception cref="BuildFailedException">One is not there, or a file of it is missing or damaged.</exception>
    public GenerationDifference Read(string from, string to)
    {
        var (before, after) = (Describe(from), Describe(to));
        var published = CurrentState.Booted(places);
        var difference = new GenerationDifference(Side(before.Tree, published), Side(after.Tree, published));

        // Parsing the manifests is most of the work.
        var (old, now) = (Task.Run(() => GenerationManifests.Read(before.Tree)), Task.Run(() => GenerationManifests.Read(after.Tree)));
        return from == to
            ? difference with { Sizes = SizePairs.Of(old.GetAwaiter().GetResult(), now.GetAwaiter().GetResult()) }
            : Compare(difference, before, after, old.GetAwaiter().GetResult(), now.GetAwaiter().GetResult());
    }

    private GenerationDifference Compare(
        GenerationDifference difference, (GenerationTree Tree, GenerationBoot Boot) before, (GenerationTree Tree, GenerationBoot Boot) after, GenerationManifests old, GenerationManifests now)
    {
        var files = new ImageFiles();
        ImmutableArray<SettingChange> settings =
        [
            .. new AccountChanges(files).Between(before.Tree, after.Tree),
            .. AccountChanges.Changes(SettingKind.Alternative, ImageSettings.Alternatives(old.Root), ImageSettings.Alternatives(now.Root)),
            .. AccountChanges.Changes(SettingKind.Service, ImageSettings.Services(old.Root), ImageSettings.Services(now.Root)),
        ];
        var menus = new MenuChanges(places, site).Between(before.Boot, after.Boot);
        return difference with
        {
            Packages = ChangelogReader.FromImage(PackageChanges.Between(Packages(before.Tree), Packages(after.Tree)), after.Tree),
            Settings = settings,
            Files = PathChanges.Between(old.Root, now.Root),
            Served = old.Served is { } one && now.Served is { } other ? PathChanges.Between(one, other) : [],
            Kernels = KernelChanges.Between(before, after),
            Hypervisor = before.Boot.HypervisorFileName == after.Boot.HypervisorFileName ? null : new TextChange(before.Boot.HypervisorFileName, after.Boot.HypervisorFileName),
            Menus = menus.Changes,
            Sizes = SizePairs.Of(old, now),
            Notes =
            [
                .. files.Unread,
                .. menus.Problem is { } problem ? [problem] : Array.Empty<string>(),
                .. from side in new[] { (before.Tree, old), (after.Tree, now) }
                   where side.Item2.Served is null
                   select $"what TFTP serves of {side.Tree.Id} cannot be compared: it was built before there was a manifest of that",
            ],
        };
    }

    private (GenerationTree Tree, GenerationBoot Boot) Describe(string id) => (GenerationTree.Finished(places, id), PublishedGeneration.Named(places, id));

    private static ComparedGeneration Side(GenerationTree tree, string? published)
    {
        var info = GenerationInfo.Read(tree);
        return new ComparedGeneration(info.Id, info.Recipe, info.Created, info.Id == published);
    }

    private static string Packages(GenerationTree tree)
    {
        try
        {
            return PlainFile.ReadAllText(tree.PackageListFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BuildFailedException(new Diagnostic($"cannot read the list of packages '{tree.PackageListFile}': {problem.Message}"), problem);
        }
    }
}
