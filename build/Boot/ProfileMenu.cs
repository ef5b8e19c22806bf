using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>The menu of a profile: it boots one generation, kernel and root together, from the boot server.</summary>
internal static class ProfileMenu
{
    private const int SecondsToRead = 30;

    /// <summary>The menu's text.</summary>
    public static string Render(Site site, BootProfile profile, BootKernel kernel, GenerationBoot generation)
    {
        var serial = profile.Serial is { } text ? SerialLine.Parse(text) : null;
        var place = Places.TftpOf(generation.GenerationId);
        var kernelLine = Line(
            profile.Xen ? "module2" : "linux",
            $"{place}/kernels/{kernel.FileName}",
            ProfileCommandLines.Kernel(site, profile, serial, generation.GenerationId));
        IEnumerable<string> load = profile.Xen
            ? [
                $"  if {Line("multiboot2", $"{place}/hypervisors/{generation.HypervisorFileName}", ProfileCommandLines.Xen(profile, serial))}; then",
                $"    if {kernelLine}; then",
                "      boot",
                "    fi",
                "  fi",
            ]
            : [$"  if {kernelLine}; then", "    boot", "  fi"];

        return GrubScript.Text(
        [
            .. GrubScript.Head(site, serial),
            // Whoever served the menu before this one, everything from here on comes from the boot server.
            $"set root='tftp,{site.BootServer}'",
            $"menuentry {GrubText.Quote(profile.Title)} --id {GrubText.Word(profile.Name)} --unrestricted {{",
            $"  echo {GrubText.Quote($"Loading {generation.GenerationId} from {site.BootServer} ...")}",
            .. load,
            .. GrubScript.GiveUp($"Could not start {generation.GenerationId} from {site.BootServer}.", SecondsToRead),
            "}",
        ]);
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

        var found = generation.Kernels.FirstOrDefault(k => flavour is null ? !profile.Xen || k.RunsUnderXen : k.Flavour == flavour);
        return found ?? throw new BuildFailedException(new Diagnostic(
            flavour is null
                ? $"no kernel of generation {generation.GenerationId} can be dom0, as profile '{profile.Name}' asks"
                : $"generation {generation.GenerationId} has no kernel of flavour '{flavour}', which profile '{profile.Name}' or its host asks for")
        {
            Where = where,
            Expected = $"one of: {string.Join(", ", generation.Kernels.Select(k => k.Flavour))}",
        });
    }

    private static string Line(string command, string file, IEnumerable<string> options)
        => string.Join(' ', options.Select(GrubText.Word).Prepend(GrubText.Word(file)).Prepend(command));
}
