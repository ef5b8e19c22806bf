using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>Lays a base layer with mmdebstrap.</summary>
internal sealed class Mmdebstrap : IBootstrapper
{
    /// <summary>What mmdebstrap runs in the root, at each of its steps.</summary>
    internal static string HookScript => EmbeddedText.Of("BaseLayer/base-layer-hook.sh");

    /// <inheritdoc/>
    public string Program => "/usr/bin/mmdebstrap";

    /// <inheritdoc/>
    public string Package => "mmdebstrap";

    /// <inheritdoc/>
    public string Purpose => "base layer";

    /// <inheritdoc/>
    public bool AsksApt => true;

    /// <inheritdoc/>
    public async Task LayAsync(BootstrapJob job, StageContext context, Action<string> onLine)
        => await context.RunAsync(await CommandAsync(job, context).ConfigureAwait(false), onLine).ConfigureAwait(false);

    private async Task<ToolCommand> CommandAsync(BootstrapJob job, StageContext context)
    {
        var recipe = job.Recipe;
        var settings = BaseLayerPackages.DpkgSettings(recipe);
        var hook = job.Scratch.Write("hook.sh", HookScript, PublicModes.Program);
        var dpkg = settings.Length == 0 ? "" : job.Scratch.Write("dpkg.cfg", settings, PublicModes.File);

        // Not in the arguments: a proxy's URL may hold a password.
        var apt = await AptConfig.OfHostAsync(context).ConfigureAwait(false);
        var options = job.Scratch.Write("apt.conf", string.Concat(StallLimits.Concat(apt.ForAnotherApt()).Select(option => option + "\n")), PrivateModes.File);

        ImmutableArray<string> arguments =
        [
            "--mode=root", "--variant=minbase", "--format=tar", "--verbose",
            $"--architectures={recipe.Architecture}",
            $"--include={string.Join(',', BaseLayerPackages.Of(recipe))}",
            $"--setup-hook={hook}", $"--extract-hook={hook}", $"--customize-hook={hook}",
            // The cache keeps them; apt and dpkg only read.
            "--skip=essential/unlink",
            $"--aptopt={options}",
            recipe.Suite, job.Archive,
            .. job.Sources.Select(Line),
        ];
        return new ToolCommand(((IBootstrapper)this).Installed(), arguments) { Isolation = Isolation.Processes }
            .WithEnvironment("SOURCE_DATE_EPOCH", job.Date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("TMPDIR", job.Scratch.Temporary)
            .WithEnvironment("ZSTD_CLEVEL", "1")
            .WithEnvironment("ZSTD_NBTHREADS", "0")
            .WithEnvironment("DOM0IMAGE_PACKAGES", job.Scratch.Packages)
            .WithEnvironment("DOM0IMAGE_FETCHED", job.Scratch.Fetched)
            .WithEnvironment("DOM0IMAGE_DPKG", dpkg)
            .WithEnvironment("DOM0IMAGE_LIST", job.PackageList);
    }

    // Seconds without a byte, then one more try.
    private static ImmutableArray<string> StallLimits => ["Acquire::http::Timeout \"20\";", "Acquire::https::Timeout \"20\";", "Acquire::Retries \"1\";"];

    private static string Line(ArchiveSource source)
    {
        if (source.Keyring.Any(c => char.IsWhiteSpace(c) || c is '[' or ']'))
        {
            throw new BuildFailedException(new Diagnostic($"the keyring's path '{source.Keyring}' holds blanks or brackets, which apt cannot read")
            {
                Hint = "Put the keyring elsewhere.",
            });
        }

        // apt in another root cannot look at file: paths of this one, but it can copy from them.
        var uri = source.Uri.IsFile ? "copy:" + source.Uri.LocalPath : source.Uri.AbsoluteUri;
        return $"deb [signed-by={source.Keyring}] {uri} {source.Suite} {string.Join(' ', source.Components)}";
    }
}
