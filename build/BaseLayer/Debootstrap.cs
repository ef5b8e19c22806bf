using System.Globalization;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.BaseLayer;

/// <summary>Lays a base layer with debootstrap, for suites that today's apt cannot install.</summary>
internal sealed class Debootstrap : IBootstrapper
{
    /// <inheritdoc/>
    public string Program => "/usr/sbin/debootstrap";

    /// <inheritdoc/>
    public string Package => "debootstrap";

    /// <inheritdoc/>
    public string Purpose => "base layer of old suites";

    /// <inheritdoc/>
    public bool AsksApt => false;

    /// <inheritdoc/>
    public async Task LayAsync(BootstrapJob job, StageContext context, Action<string> onLine)
    {
        if (job.Sources.Length > 1)
        {
            context.Progress.Warn($"debootstrap installs from one suite only: {string.Join(", ", job.Sources.Skip(1).Select(s => s.Suite))} not used");
        }

        var root = Path.Combine(job.Scratch.Root, "root");
        var source = job.Sources[0];
        Task<ToolResult> Run(string program, params string[] arguments)
            => context.RunAsync(new ToolCommand(program, arguments) { Isolation = Isolation.Processes }.WithEnvironment("LC_ALL", "C.UTF-8"), onLine);

        await Run(
            ((IBootstrapper)this).Installed(),
            "--variant=minbase", $"--arch={job.Recipe.Architecture}", "--force-check-gpg", $"--keyring={source.Keyring}",
            $"--components={string.Join(',', source.Components)}", $"--include={string.Join(',', BaseLayerPackages.Of(job.Recipe))}",
            $"--cache-dir={job.Scratch.Packages}", source.Suite, root, source.Uri.AbsoluteUri).ConfigureAwait(false);

        HandOverPackages(job.Scratch);
        DebootstrapCleanup.Run(root, job.Recipe);
        var list = await Run("dpkg-query", $"--admindir={root}/var/lib/dpkg", "--show", "--showformat=${Package} ${Version} ${Architecture}\\n").ConfigureAwait(false);
        await File.WriteAllTextAsync(job.PackageList, list.Output, context.Cancellation).ConfigureAwait(false);
        await context.RunAsync(
            new ToolCommand(
                "tar", "--create", "--file", job.Archive, "--zstd", "--directory", root, "--numeric-owner", "--xattrs", "--xattrs-include=*",
                "--format=pax", "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--sort=name", "--one-file-system",
                $"--mtime=@{job.Date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", "--clamp-mtime", ".")
                .WithEnvironment("ZSTD_CLEVEL", "1")
                .WithEnvironment("ZSTD_NBTHREADS", "0"),
            onLine).ConfigureAwait(false);
    }

    private static void HandOverPackages(BaseLayerScratch scratch)
    {
        foreach (var package in Directory.EnumerateFiles(scratch.Packages, "*.deb"))
        {
            File.Move(package, Path.Combine(scratch.Fetched, Path.GetFileName(package)));
        }
    }
}
