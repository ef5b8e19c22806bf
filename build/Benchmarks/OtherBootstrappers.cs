using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.Benchmarks;

/// <summary>The same packages laid by hand, with the tools that one would take without this project.</summary>
/// <param name="recipe">What is built.</param>
/// <param name="source">The one suite that all install from.</param>
/// <param name="scratch">Directory for the results.</param>
internal sealed class OtherBootstrappers(Recipe recipe, ArchiveSource source, string scratch)
{
    private readonly string _mirror = source.Uri.AbsoluteUri.TrimEnd('/');

    /// <summary>The archive that mmdebstrap by hand makes.</summary>
    public string Archive => Path.Combine(scratch, "mmdebstrap.tar.zst");

    /// <summary>The directory that debootstrap makes.</summary>
    public string Directory => Path.Combine(scratch, "debootstrap");

    /// <summary>Directory in which debos works and leaves its package list; its root is deleted by debos itself.</summary>
    public string DebosDirectory => Path.Combine(scratch, "debos");

    /// <summary>Package list of debos' root.</summary>
    public string DebosPackages => Path.Combine(DebosDirectory, "packages.txt");

    /// <summary>What our stage asks of mmdebstrap, as one would type it: no hooks, mmdebstrap's own settings for zstd.</summary>
    public ToolCommand Mmdebstrap() => new(
        "mmdebstrap",
        (string[])[
            "--mode=root", "--variant=minbase", "--format=tar", $"--architectures={recipe.Architecture}",
            $"--include={string.Join(',', BaseLayerPackages.Of(recipe))}",
            .. BaseLayerPackages.DpkgSettings(recipe).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"--dpkgopt={line}"),
            recipe.Suite, Archive, $"deb [signed-by={source.Keyring}] {_mirror} {source.Suite} {string.Join(' ', source.Components)}",
        ])
    { Isolation = Isolation.Processes };

    /// <summary>
    /// debootstrap told the whole list by a script of its own kind: it cannot choose between alternative dependencies as
    /// apt does, and would add systemd where an image has another init.
    /// </summary>
    public ToolCommand Debootstrap() => DebootstrapWith("--no-resolve-deps", recipe.Suite, Directory, _mirror, DebootstrapScriptFile);

    /// <summary>Has debootstrap print what it installs before all else.</summary>
    public ToolCommand DebootstrapFirst() => DebootstrapWith("--print-debs", recipe.Suite, Directory, _mirror);

    /// <summary>Where <see cref="DebootstrapScript"/> goes.</summary>
    public string DebootstrapScriptFile => Path.Combine(scratch, "debootstrap-script");

    /// <summary>The script: the suite's own with the list in place of what would be found out.</summary>
    /// <param name="packages">All that is to be installed.</param>
    /// <param name="first">What debootstrap needs installed before the rest.</param>
    public string DebootstrapScript(PackageSet packages, IReadOnlyCollection<string> first) => $$"""
        . /usr/share/debootstrap/scripts/{{recipe.Suite}}
        work_out_debs() {
            required="{{string.Join(' ', first)}}"
            base="{{string.Join(' ', packages.Names.Except(first))}}"
        }

        """;

    /// <summary>debos on this machine and not in a virtual one.</summary>
    public ToolCommand Debos() => new("debos", "--disable-fakemachine", $"--artifactdir={DebosDirectory}", DebosRecipeFile)
    {
        Isolation = Isolation.Processes,
        WorkingDirectory = DebosDirectory,
    };

    /// <summary>Where <see cref="DebosRecipe"/> goes.</summary>
    public string DebosRecipeFile => Path.Combine(DebosDirectory, "recipe.yaml");

    /// <summary>debos' recipe: its debootstrap action, then apt for the rest of the list.</summary>
    public string DebosRecipe(PackageSet packages) => $"""
        architecture: {recipe.Architecture}
        actions:
          - action: debootstrap
            suite: {recipe.Suite}
            components: [{string.Join(", ", source.Components)}]
            mirror: {_mirror}
            variant: minbase
            keyring-file: {source.Keyring}
            merged-usr: true
          - action: apt
            recommends: false
            packages: [{string.Join(", ", packages.Names)}]
          - action: run
            description: list of packages
            command: dpkg-query --admindir=$ROOTDIR/var/lib/dpkg --show --showformat='{PackageSet.ShowFormat}' > $ARTIFACTDIR/{Path.GetFileName(DebosPackages)}

        """;

    private ToolCommand DebootstrapWith(params string[] arguments) => new(
        "debootstrap",
        (string[])[
            "--variant=minbase", $"--arch={recipe.Architecture}", "--force-check-gpg", $"--keyring={source.Keyring}",
            $"--components={string.Join(',', source.Components)}", .. arguments,
        ])
    { Isolation = Isolation.Processes };
}
