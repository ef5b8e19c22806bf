using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Kernels;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>Which kernels of a recipe the hosts of a site boot, and how, as it is known before there are any.</summary>
/// <param name="recipe">Has the kernels.</param>
/// <param name="site">Has the hosts.</param>
/// <param name="kernels">What the fragments of each kernel ask for, in the recipe's order.</param>
internal sealed class SiteKernels(Recipe recipe, Site site, ImmutableArray<FragmentSet> kernels)
{
    /// <summary>Checks that the recipe has what the site's profiles and hosts name.</summary>
    /// <exception cref="BuildFailedException">Everything that does not fit, in the order of the site's file.</exception>
    public void Check()
    {
        var problems = site.Profiles.SelectMany(CheckProfile).Concat(site.Hosts.SelectMany(CheckHost)).ToList();
        if (problems.Count > 0)
        {
            throw new BuildFailedException(problems.OrderBy(p => p.Where?.Line));
        }
    }

    /// <summary>Whether a kernel is planned as one that has an ability.</summary>
    public bool Has(KernelFlavour flavour, KernelAbility ability) => ability.IsAskedBy(AskedOf(flavour));

    /// <summary>Whether the kernel that a profile boots is planned as one for UEFI, too.</summary>
    public bool BootsByUefi(BootProfile profile) => FlavourFor(profile) is { } flavour && Has(flavour, KernelAbility.Uefi);

    /// <summary>What the user should know of the kernels that hosts boot.</summary>
    public IEnumerable<string> Notes()
        => from flavour in recipe.Kernels
           where !Has(flavour, KernelAbility.Uefi) && UseOf(flavour).IsBooted
           select $"no fragment of kernel flavour '{flavour.Name}' asks for {KernelAbility.Uefi}: hosts that boot it have to start by BIOS";

    /// <summary>What a finished configuration lacks for what the hosts of this site do with the kernel, and what the plan did not go by.</summary>
    /// <param name="flavour">The kernel.</param>
    /// <param name="config">The finished configuration.</param>
    /// <param name="use">How menus boot it; null where there are none yet.</param>
    public IReadOnlyList<Diagnostic> Problems(KernelFlavour flavour, KernelConfig config, KernelUse? use = null)
        => [.. KernelAbility.Differences(AskedOf(flavour), config), .. KernelRequirements.Check(config, use ?? UseOf(flavour), !recipe.Microcode.IsEmpty)];

    private FragmentSet AskedOf(KernelFlavour flavour) => kernels.First(k => k.Flavour.Name == flavour.Name);

    // The kernel that a profile boots, or that one host boots with it; null when the recipe has none that fits.
    private KernelFlavour? FlavourFor(BootProfile profile, BootHost? host = null)
        => (host?.Flavour ?? profile.Flavour) is { } name
            ? recipe.Kernels.FirstOrDefault(k => k.Name == name)
            : recipe.Kernels.FirstOrDefault(k => !profile.Xen || Has(k, KernelAbility.Dom0));

    private KernelUse UseOf(KernelFlavour flavour)
    {
        var profiles = site.Profiles.ToDictionary(p => p.Name);
        IEnumerable<(BootProfile Profile, BootHost? Host)> all =
            [.. site.Profiles.Select(p => (p, (BootHost?)null)), .. site.Hosts.Where(h => h.Flavour is not null).Select(h => (profiles[h.Profile], h))];
        var booting = all.Where(a => FlavourFor(a.Profile, a.Host)?.Name == flavour.Name).ToList();
        return new KernelUse(booting.Any(a => a.Profile.Xen), booting.Any(a => !a.Profile.Xen));
    }

    private IEnumerable<Diagnostic> CheckProfile(BootProfile profile)
    {
        if (profile.Xen && recipe.Hypervisor is null)
        {
            yield return new Diagnostic($"profile '{profile.Name}' boots under Xen, but recipe '{recipe.Name}' has no hypervisor")
            {
                Where = profile.Where,
                Expected = $"'xen: false' here, or a 'hypervisor' in {recipe.File}",
            };
        }

        foreach (var problem in CheckFlavour(profile, null, $"profile '{profile.Name}'"))
        {
            yield return problem with { Where = profile.Where };
        }
    }

    private IEnumerable<Diagnostic> CheckHost(BootHost host)
    {
        var profile = site.Profiles.First(p => p.Name == host.Profile);
        return host.Flavour is null ? [] : CheckFlavour(profile, host, $"host '{host.Name}'").Select(p => p with { Where = host.Where });
    }

    private IEnumerable<Diagnostic> CheckFlavour(BootProfile profile, BootHost? host, string who)
    {
        var names = recipe.Kernels.Select(k => k.Name).ToList();
        var flavour = FlavourFor(profile, host);
        if (flavour is null && (host?.Flavour ?? profile.Flavour) is { } name)
        {
            yield return new Diagnostic($"{who} names the flavour '{name}', which recipe '{recipe.Name}' lacks")
            {
                Expected = $"one of {string.Join(", ", names)}",
                Hint = Nearest.Hint(name, names),
            };
        }
        else if (flavour is null || (profile.Xen && !Has(flavour, KernelAbility.Dom0)))
        {
            yield return new Diagnostic($"{who} boots under Xen, but {(flavour is null ? "recipe '" + recipe.Name + "' has no kernel" : $"flavour '{flavour.Name}' is no kernel")} for dom0")
            {
                Expected = $"a flavour with a fragment that asks for {KernelAbility.Dom0}",
            };
        }
    }
}
