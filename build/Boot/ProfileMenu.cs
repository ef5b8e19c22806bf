using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>The menu of a profile: it boots one generation, kernel and root together, from the boot server.</summary>
internal static class ProfileMenu
{
    /// <summary>The menu's text.</summary>
    /// <param name="site">The site.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="kernel">What it boots.</param>
    /// <param name="generation">What that belongs to.</param>
    /// <param name="host">The only host that the menu is for; null for one of all.</param>
    public static string Render(Site site, BootProfile profile, BootKernel kernel, GenerationBoot generation, BootHost? host = null)
    {
        var place = Places.TftpOf(generation.GenerationId);
        MenuStep Load(MenuCommand command, string file, IEnumerable<string>? options = null) => new(command, $"{place}/{file}", [.. options ?? []]);
        MenuStep[] hypervisor = profile.Xen ? [Load(MenuCommand.Hypervisor, $"hypervisors/{generation.HypervisorFileName}", ProfileCommandLines.Xen(profile, generation.HasMicrocode))] : [];
        // Xen takes the first module for the kernel, the second for dom0's RAM disk, and looks for microcode in all but the first.
        MenuStep[] microcode = !generation.HasMicrocode ? []
            : profile.Xen ? [Load(MenuCommand.Module, GenerationTree.NoInitrdName), Load(MenuCommand.Module, GenerationTree.MicrocodeName)]
            : [Load(MenuCommand.Other, GenerationTree.MicrocodeName)];
        var kernelStep = Load(
            profile.Xen ? MenuCommand.Module : MenuCommand.Kernel,
            $"kernels/{kernel.FileName}",
            [.. RootCard.Named(profile, host), .. ProfileCommandLines.Kernel(site, profile, generation.GenerationId, host)]);

        var entry = new BootEntry(
            profile.Title,
            profile.Name,
            $"Could not start {generation.GenerationId} from {site.BootServer}.",
            [.. hypervisor, kernelStep with { CardOption = RootCard.OfMenu(profile, host) }, .. microcode])
        {
            Announcement = $"Loading {generation.GenerationId} from {site.BootServer} ...",
        };

        // Whoever served the menu before this one, everything from here on comes from the boot server.
        return Grub2.Write(new MenuPage(site, profile.Serial, [entry]) { Server = site.BootServer });
    }

    /// <summary>The kernel that a profile boots on a host.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="flavour">The flavour that is asked for; null for the first that fits.</param>
    /// <param name="generation">What there is.</param>
    /// <param name="where">Where the site asks for it.</param>
    /// <exception cref="BuildFailedException">The generation has no such kernel, or no hypervisor.</exception>
    public static BootKernel KernelFor(BootProfile profile, string? flavour, GenerationBoot generation, SourceLocation? where)
    {
        if (profile.Xen && generation.HypervisorFileName is null)
        {
            throw new BuildFailedException(new Diagnostic($"profile '{profile.Name}' runs under Xen, but generation {generation.GenerationId} has no hypervisor")
            {
                Where = where,
                Hint = "Give the recipe a hypervisor, or the profile 'xen: false'.",
            });
        }

        BootKernel[] named = [.. generation.Kernels.Where(k => flavour is null || k.Flavour == flavour)];
        if (named.FirstOrDefault(k => Fits(k, profile)) is { } found)
        {
            return found;
        }

        throw new BuildFailedException(named.Length == 0
            ? new Diagnostic($"generation {generation.GenerationId} has no kernel of flavour '{flavour}', which profile '{profile.Name}' or its host asks for")
            {
                Where = where,
                Expected = $"one of: {Flavours(generation.Kernels)}",
            }
            : new Diagnostic($"no kernel{(flavour is null ? "" : $" of flavour '{flavour}'")} of generation {generation.GenerationId} can be dom0, as profile '{profile.Name}' or its host asks")
            {
                Where = where,
                Expected = flavour is not null && generation.Kernels.Any(k => k.RunsUnderXen) ? $"one of: {Flavours(generation.Kernels.Where(k => k.RunsUnderXen))}" : null,
                Hint = $"Such a kernel has {KernelAbility.Dom0}; or give the profile 'xen: false'.",
            });
    }

    private static bool Fits(BootKernel kernel, BootProfile profile) => !profile.Xen || kernel.RunsUnderXen;

    private static string Flavours(IEnumerable<BootKernel> kernels) => string.Join(", ", kernels.Select(k => k.Flavour));
}
