using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>Lays a base layer with mmdebstrap.</summary>
internal static class Mmdebstrap
{
    /// <summary>What mmdebstrap runs in the root, at each of its steps.</summary>
    internal static string HookScript => EmbeddedText.Of("BaseLayer/base-layer-hook.sh");

    /// <summary>The command that makes the job's archive and package list.</summary>
    public static async Task<ToolCommand> CommandAsync(BootstrapJob job, StageContext context)
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
        return new ToolCommand(BootstrapProgram.PathOf(Bootstrapper.Mmdebstrap), arguments) { Isolation = Isolation.Processes }
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
