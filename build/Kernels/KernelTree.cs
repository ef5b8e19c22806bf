using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Kernels;

/// <summary>
/// The build tree of one flavour, kept in the store so that a changed option compiles little. It stays apart from the
/// source, which is shared by all flavours and never written to.
/// </summary>
/// <param name="directory">The tree; made when it is not there.</param>
/// <param name="source">What is compiled.</param>
/// <param name="architecture">What <c>make</c> calls the architecture, such as <c>x86_64</c>.</param>
/// <param name="shared">Whether other flavours are compiled from the same source, which may then share objects.</param>
/// <param name="context">Store, tools, progress, cancellation.</param>
internal sealed class KernelTree(string directory, KernelSource source, string architecture, bool shared, StageContext context)
{
    // Who builds plays no part in what is built.
    private const string Builder = "dom0image";

    private static readonly string[] Ignored =
    [
        "MAKEFLAGS", "MAKELEVEL", "KBUILD_OUTPUT", "KCFLAGS", "KAFLAGS", "KCPPFLAGS", "CFLAGS", "LDFLAGS", "CROSS_COMPILE", "LLVM",
        "LOCALVERSION", "INSTALL_PATH",
    ];

    private string Unfinished => Path.Combine(directory, ".dom0image-unfinished");

    private string LastTotal => Path.Combine(directory, ".dom0image-steps");

    /// <summary>The finished configuration.</summary>
    public string ConfigFile => Path.Combine(directory, ".config");

    /// <summary>System.map, once compiled.</summary>
    public string SystemMap => Path.Combine(directory, "System.map");

    /// <summary>The compressed kernel, once compiled.</summary>
    public string Image => Path.Combine(directory, "arch", "x86", "boot", "bzImage");

    /// <summary>
    /// Makes the tree ready. One whose compilation was killed may hold half-written objects that look finished; it is
    /// started anew, and the compiler cache gives back what was done.
    /// </summary>
    public void Prepare()
    {
        if (File.Exists(Unfinished))
        {
            SafeDelete.Tree(directory);
        }

        Directory.CreateDirectory(directory);
    }

    /// <summary>Makes the configuration: what is asked for, what that brings along, and nothing else.</summary>
    /// <param name="requested">Options of the fragments.</param>
    /// <param name="localVersion">Appended to the kernel's version, such as <c>-xen-pIV-rltk</c>.</param>
    public async Task<KernelConfig> ConfigureAsync(IReadOnlyList<RequestedOption> requested, string localVersion)
    {
        context.Progress.Report("configuring the kernel");
        var wanted = Path.Combine(directory, "requested.config");
        var lines = requested.Select(option => option.ToString()).Append($"CONFIG_LOCALVERSION=\"{localVersion}\"");
        await File.WriteAllTextAsync(wanted, string.Join('\n', lines) + "\n", context.Cancellation).ConfigureAwait(false);
        await context.RunAsync(Make("allnoconfig").WithEnvironment("KCONFIG_ALLCONFIG", wanted)).ConfigureAwait(false);
        return await ReadConfigAsync().ConfigureAwait(false);
    }

    /// <summary>Reads the finished configuration.</summary>
    public async Task<KernelConfig> ReadConfigAsync()
        => KernelConfig.Parse(await File.ReadAllTextAsync(ConfigFile, context.Cancellation).ConfigureAwait(false));

    /// <summary>What <c>uname -r</c> will print.</summary>
    public async Task<string> ReleaseAsync()
        => (await context.RunAsync(Make("--silent", "kernelrelease")).ConfigureAwait(false)).Lines[^1];

    /// <summary>Compiles what is not up to date.</summary>
    /// <param name="name">The kernel's name, for the progress.</param>
    /// <param name="modules">Whether there are modules to compile too.</param>
    public async Task CompileAsync(string name, bool modules)
    {
        var fresh = !File.Exists(SystemMap);
        var progress = new CompileProgress(name, fresh ? Total() : null, context.Progress);
        await File.WriteAllTextAsync(Unfinished, "", context.Cancellation).ConfigureAwait(false);
        try
        {
            string[] targets = modules ? ["bzImage", "modules"] : ["bzImage"];
            await context.RunAsync(
                // One more than there are cores, for when one waits for the disk.
                Make([$"-j{Environment.ProcessorCount + 1}", .. targets]) with { Isolation = Isolation.Processes, Hint = "The first error of the compiler is in the log." },
                progress.Take).ConfigureAwait(false);
        }
        catch (ToolFailedException problem) when (problem.ExitCode < 128)
        {
            // make gave up by itself, and deleted what it had not finished.
            File.Delete(Unfinished);
            throw;
        }

        File.Delete(Unfinished);
        if (fresh)
        {
            await File.WriteAllTextAsync(LastTotal, progress.Steps.ToString(CultureInfo.InvariantCulture), context.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Installs the modules below <paramref name="target"/>, as <c>lib/modules/RELEASE</c>.</summary>
    public async Task InstallModulesAsync(string target, string release)
    {
        await context.RunAsync(Make($"INSTALL_MOD_PATH={target}", "INSTALL_MOD_STRIP=1", "modules_install")).ConfigureAwait(false);
        // Links to the trees of this machine.
        File.Delete(Path.Combine(target, "lib", "modules", release, "build"));
        File.Delete(Path.Combine(target, "lib", "modules", release, "source"));
    }

    private ToolCommand Make(params string[] arguments)
        => new ToolCommand("make", (string[])[
            "-C", source.Directory, $"O={directory}", $"ARCH={architecture}", "CC=ccache gcc",
            $"KBUILD_BUILD_USER={Builder}", $"KBUILD_BUILD_HOST={Builder}", "KBUILD_BUILD_VERSION=1",
            $"KBUILD_BUILD_TIMESTAMP={source.Date:yyyy-MM-dd HH:mm:ss} UTC",
            .. arguments])
        {
            Environment = Surroundings,
        };

    // The same whoever builds: settings for make, kbuild and the compiler in the user's environment play no part.
    private ImmutableDictionary<string, string?> Surroundings
        => Ignored
            .ToImmutableDictionary(name => name, _ => (string?)null)
            .Add("LC_ALL", "C")
            .Add("CCACHE_DIR", context.Store.CompilerCache)
            // Not CCACHE_BASEDIR: to write paths relative to it ccache resolves every header of every file, which is half of its cost.
            .Add("CCACHE_MAXSIZE", Retention.CompilerCache)
            // An object is looked up by the headers that the compiler itself names, or by what the preprocessor makes of them. The
            // first saves running the preprocessor and finds what the same configuration compiled before. Only the second finds
            // an object of another configuration, for every file includes the header with all options.
            .Add("CCACHE_DEPEND", shared ? null : "1")
            .Add("CCACHE_CONFIGPATH", Path.Combine(context.Store.CompilerCache, "ccache.conf"))
            .Add("SOURCE_DATE_EPOCH", new DateTimeOffset(source.Date).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    private int? Total()
        => File.Exists(LastTotal) && int.TryParse(File.ReadAllText(LastTotal), out var total) ? total : null;
}
