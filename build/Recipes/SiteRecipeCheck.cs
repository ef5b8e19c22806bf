using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes;

/// <summary>What only a recipe and a site together tell.</summary>
internal static class SiteRecipeCheck
{
    /// <summary>Checks that the recipe has what the site's profiles and hosts name.</summary>
    /// <exception cref="BuildFailedException">Everything that does not fit, in the order of the site's file.</exception>
    public static void Check(Recipe recipe, Site site)
    {
        var problems = site.Profiles.SelectMany(p => CheckProfile(recipe, p)).Concat(site.Hosts.SelectMany(h => CheckHost(recipe, site, h))).ToList();
        if (problems.Count > 0)
        {
            throw new BuildFailedException(problems.OrderBy(p => p.Where?.Line));
        }
    }

    /// <summary>The kernel that a profile boots, or that one host boots with it; null when the recipe has none that fits.</summary>
    public static KernelFlavour? FlavourFor(Recipe recipe, BootProfile profile, BootHost? host = null)
        => (host?.Flavour ?? profile.Flavour) is { } name
            ? recipe.Kernels.FirstOrDefault(k => k.Name == name)
            : recipe.Kernels.FirstOrDefault(k => !profile.Xen || k.IsForDom0);

    /// <summary>How hosts of a site that fits the recipe boot a flavour.</summary>
    public static KernelUse UseOf(Recipe recipe, Site site, KernelFlavour flavour)
    {
        var profiles = site.Profiles.ToDictionary(p => p.Name);
        IEnumerable<(BootProfile Profile, BootHost? Host)> all =
            [.. site.Profiles.Select(p => (p, (BootHost?)null)), .. site.Hosts.Where(h => h.Flavour is not null).Select(h => (profiles[h.Profile], h))];
        var booting = all.Where(a => FlavourFor(recipe, a.Profile, a.Host)?.Name == flavour.Name).ToList();
        return new KernelUse(booting.Any(a => a.Profile.Xen), booting.Any(a => !a.Profile.Xen));
    }

    private static IEnumerable<Diagnostic> CheckProfile(Recipe recipe, BootProfile profile)
    {
        if (profile.Xen && recipe.Hypervisor is null)
        {
            yield return new Diagnostic($"profile '{profile.Name}' boots under Xen, but recipe '{recipe.Name}' has no hypervisor")
            {
                Where = profile.Where,
                Expected = $"'xen: false' here, or a 'hypervisor' in {recipe.File}",
            };
        }

        foreach (var problem in CheckFlavour(recipe, profile, null, $"profile '{profile.Name}'"))
        {
            yield return problem with { Where = profile.Where };
        }
    }

    private static IEnumerable<Diagnostic> CheckHost(Recipe recipe, Site site, BootHost host)
    {
        var profile = site.Profiles.First(p => p.Name == host.Profile);
        return host.Flavour is null ? [] : CheckFlavour(recipe, profile, host, $"host '{host.Name}'").Select(p => p with { Where = host.Where });
    }

    private static IEnumerable<Diagnostic> CheckFlavour(Recipe recipe, BootProfile profile, BootHost? host, string who)
    {
        var names = recipe.Kernels.Select(k => k.Name).ToList();
        var flavour = FlavourFor(recipe, profile, host);
        if (flavour is null && (host?.Flavour ?? profile.Flavour) is { } name)
        {
            yield return new Diagnostic($"{who} names the flavour '{name}', which recipe '{recipe.Name}' lacks")
            {
                Expected = $"one of {string.Join(", ", names)}",
                Hint = Nearest.Hint(name, names),
            };
        }
        else if (flavour is null || (profile.Xen && !flavour.IsForDom0))
        {
            yield return new Diagnostic($"{who} boots under Xen, but {(flavour is null ? "recipe '" + recipe.Name + "' has no kernel" : $"flavour '{flavour.Name}' is no kernel")} for dom0")
            {
                Expected = $"a flavour with the fragment '{KernelFlavour.Dom0Fragment}'",
            };
        }
    }
}
