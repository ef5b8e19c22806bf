using System.Diagnostics;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;
using Dom0Image.Tests.CommandLine;
using Dom0Image.Tests.Generations;
using Dom0Image.Tests.Hosting;
using Dom0Image.Tests.Kernels;
using Dom0Image.Tests.RootFs;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Pipeline;

/// <summary>
/// A checkout with a recipe so small that the whole command runs in seconds, and yet every stage does its work: packages
/// come from a signed archive on an HTTP server, <c>make</c> builds the "kernel", GRUB's and ISC's tools check the boot files.
/// Only the bootstrap was done before: its result stands in the store.
/// </summary>
internal sealed class SmallProject : IDisposable
{
    /// <summary>A name in <c>/usr/lib</c> of the base layer, in Latin-1.</summary>
    public const string OddName = "na\0\u00efve";

    /// <summary>A program of the base layer with capabilities.</summary>
    public const string Capable = "/usr/lib/capable";

    // The targets of a kernel that the pipeline asks for.
    private const string Makefile = """
        allnoconfig:
        	cp $(KCONFIG_ALLCONFIG) $(O)/.config
        kernelrelease:
        	@sed -n 's/^CONFIG_LOCALVERSION="\(.*\)"/6.99.0\1/p' $(O)/.config
        bzImage:
        	mkdir -p $(O)/arch/x86/boot
        	sleep 0.3
        	cp bzImage.in $(O)/arch/x86/boot/bzImage
        	echo map >$(O)/System.map

        """;

    private readonly TempDirectory _temp = new();
    private readonly SignedArchive _archive;

    private SmallProject()
    {
        _archive = new SignedArchive(_temp);
        Mirror = new FaultyMirror(_archive.Root);
    }

    /// <summary>Where packages come from.</summary>
    public FaultyMirror Mirror { get; }

    /// <summary>Where the project publishes.</summary>
    public Places Places => new(_temp["prefix"]);

    public BuildStore Store => new(_temp["store"]);

    public string Path => _temp.Path;

    public static async Task<SmallProject> MakeAsync()
    {
        var project = new SmallProject();
        try
        {
            project.MakeArchive();
            project.MakeCheckout();
            await project.MakeBaseLayerAsync();
            return project;
        }
        catch
        {
            project.Dispose();
            throw;
        }
    }

    /// <summary>Changes what is in the image.</summary>
    public void ChangeOverlay(string content) => _temp.Write("overlays/small/etc/motd", content);

    /// <summary>Changes the kernel's configuration.</summary>
    public void ChangeKernel(string value) => _temp.Write("kernel-configs/changed.config", $"CONFIG_BOOT_CONFIG=\"{value}\"\n");

    /// <summary>Leaves an option out of the kernel's configuration.</summary>
    public void ChangeOptions(string without)
        => _temp.Write("kernel-configs/xen-dom0.config", WholeConfig.Text.Replace($"CONFIG_{without}=y\n", ""));

    /// <summary>Starts the command.</summary>
    public TheCommand Start(params string[] arguments) => StartIn([], Places.Prefix, Store.Root, arguments);

    /// <summary>Runs the command to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync() => RunInAsync(Places.Prefix, Store.Root);

    /// <summary>Runs the command to its end in other places.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunInAsync(string prefix, string store, params string[] arguments)
        => RunUnderAsync([], prefix, store, arguments);

    /// <summary>Runs a target to its end with an empty store on a disk of its own.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunOnSmallStoreAsync(string store, string size, string target)
        => RunUnderAsync(
            [.. Isolation.Mounts.Makers, .. Isolation.Mounts.Words("mount -t tmpfs -o size=\"$1\" small \"$2\" && shift 2 && exec \"$@\""), size, store],
            Places.Prefix, store, $"--target={target}");

    /// <summary>Runs the command to its end under other programs, such as <c>env</c>.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunUnderAsync(string[] under, string prefix, string store, params string[] arguments)
    {
        using var command = StartIn(under, prefix, store, arguments);
        return await command.End();
    }

    /// <summary>Runs the whole command; the test fails when it does.</summary>
    /// <returns>The published generation.</returns>
    public async Task<string> PublishAsync()
    {
        var (exitCode, output, errors) = await RunAsync();
        Assert.That(exitCode, Is.Zero, output + errors);
        return CurrentState.Read(Places).Root!;
    }

    /// <summary>Command lines of processes that work on this project.</summary>
    public IReadOnlyList<string> Processes()
        => [.. Directory.GetDirectories("/proc").Where(p => char.IsAsciiDigit(p[6])).Select(CommandLine)
            .Where(line => line.Contains(Path, StringComparison.Ordinal) && !line.StartsWith("gpg-agent", StringComparison.Ordinal))];

    /// <summary>Fails unless everything that worked on this project is gone, soon, and nothing is mounted in it.</summary>
    public async Task AssertNothingRunsAsync(string when)
    {
        var watch = Stopwatch.StartNew();
        while (Processes().Count > 0 && watch.Elapsed < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(20);
        }

        Assert.That(Processes(), Is.Empty, when);
        Assert.That(File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(Path, StringComparison.Ordinal)), Is.Empty, when);
    }

    /// <summary>Fails unless what clients get is whole: the links belong together, and the generation is as its manifest says.</summary>
    public void AssertWhole(string generation, string when)
    {
        var grub = Places.OnDisk(Places.CurrentMenus);
        Assert.That(File.ReadAllText(System.IO.Path.Combine(grub, "post01.conf")), Does.Contain($"/generations/{generation}/root"), when);
        Assert.That(GenerationCheck.Verify(Places, generation), Is.Empty, when);
        Assert.That(File.Exists(Places.OnDisk($"{Places.TftpGenerations}/{generation}/kernels/kernel-6.99-small")), when);
    }

    /// <summary>The generation that the menus name.</summary>
    public string Booted()
        => File.ReadAllText(System.IO.Path.Combine(Places.OnDisk(Places.CurrentMenus), "post01.conf")).Split("/generations/")[1].Split('/')[0];

    public void Dispose()
    {
        Mirror.Dispose();
        _archive.Dispose();
        _temp.Dispose();
    }

    private TheCommand StartIn(string[] under, string prefix, string store, params string[] arguments)
    {
        string[] boot = arguments.Any(a => a.StartsWith("--boot-test", StringComparison.Ordinal)) ? [] : ["--boot-test=no"];
        return TheCommand.Start(null, _temp["app"], under, ["--recipe=small", "--site=small", .. boot, $"--prefix={prefix}", $"--store={store}", .. arguments]);
    }

    private static string CommandLine(string process)
    {
        try
        {
            // A zombie has none.
            return File.ReadAllText($"{process}/cmdline").Replace('\0', ' ');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void MakeArchive()
    {
        _temp.Write("source/linux-source-6.99/Makefile", Makefile);
        Images.Kernel(_temp["source/linux-source-6.99/bzImage.in"], "6.99.0-small");
        _temp.Make("kernel/usr/src");
        Run("tar", "--create", "--xz", $"--file={_temp["kernel/usr/src/linux-source-6.99.tar.xz"]}", $"--directory={_temp["source"]}", "linux-source-6.99");
        _archive.Add("linux-source-6.99", "6.99-1", _temp["kernel"]);
        _temp.Make("xen/boot");
        Images.Gzip(_temp["xen/boot/xen-4.99-amd64.gz"], Images.Multiboot2());
        _archive.Add("xen-hypervisor-4.99-amd64", "4.99-1", _temp["xen"]);
        // What any recipe with this init installs: the plan asks for it, though the base layer is there already.
        foreach (var name in new[] { "sysvinit-core", "sysv-rc", "initscripts" })
        {
            _archive.Add(name, "1", _temp.Make(name));
        }
    }

    private void MakeCheckout()
    {
        Run("cp", "-a", AppContext.BaseDirectory, _temp["app"]);
        _temp.Write("Dom0Image.sln");
        File.Copy(System.IO.Path.Combine(Checkout.Root, "recipes/sites/example.yaml"), _temp.Write("recipes/sites/small.yaml"), overwrite: true);
        ChangeOptions(without: "");
        ChangeKernel("first");
        ChangeOverlay("first\n");
        _temp.Write("recipes/small.yaml", $$"""
            suite: trixie
            architecture: amd64
            components: [main]
            keyring: {{_archive.Keyring}}
            archives: [trixie]
            mirrors: [{ uri: "{{Mirror.Uri}}", suites: [trixie] }]
            overlays: [small]
            hypervisor: { package: xen-hypervisor-4.99-amd64, tools: [sample] }
            kernels:
              small: { source: linux-source-6.99, fragments: [xen-dom0, changed] }
            flash:
              size: 16M
              paths:
                /tmp: { mode: 1777 }
                /var/log: { start: tree }
                /etc/machine-id: { kind: file, mode: 0444 }
            """);
    }

    private async Task MakeBaseLayerAsync()
    {
        var recipe = RecipeReader.Read(_temp["recipes/small.yaml"]);
        var context = new StageContext(Store, new ToolRunner(), new BaseLayerHelp.Told(), CancellationToken.None);
        var sources = await MirrorResolver.ResolveAsync(recipe, null, null, context);
        var state = await ArchiveState.ReadAsync(sources, context);
        using var image = new TestImage();
        image.Dir("/tmp", TestImage.Mode("1777"));
        image.File("/etc/machine-id", "");
        image.Dir("/etc/init.d", TestImage.Mode("0755"));
        image.Dir("/usr/sbin", TestImage.Mode("0755"));
        image.Link("/sbin", "usr/sbin");
        image.File("/usr/sbin/init", "program", TestImage.Mode("0755"));
        image.File("/etc/init.d/rcS", "#!/bin/sh\n", TestImage.Mode("0755"));
        image.File("/etc/inittab", "si::sysinit:/etc/init.d/rcS\n");
        image.File($"/usr/lib/{OddName}", "of a package");
        Assert.That(Syscall.lsetxattr(image.File(Capable, "", TestImage.Mode("0755")), "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000")), Is.Zero);
        await context.GetOrMakeAsync(BaseLayerStage.Name, BaseLayerStage.KeyOf(recipe, sources, state), async work =>
        {
            await File.WriteAllTextAsync(System.IO.Path.Combine(work, "packages.txt"), "sample 1 amd64\n");
            await context.RunAsync(new ToolCommand(
                "tar", "--create", "--zstd", "--numeric-owner", "--xattrs", "--xattrs-include=*", $"--file={work}/rootfs.tar.zst", $"--directory={image.Root}", "."));
        });
    }

    private static void Run(string program, params string[] arguments)
        => new ToolRunner().RunAsync(new ToolCommand(program, arguments)).GetAwaiter().GetResult();
}
